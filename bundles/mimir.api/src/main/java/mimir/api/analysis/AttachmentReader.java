// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import mimir.ring.Item;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Reads results of one type of one source: that of an item in hand, those of a range, or live. Old ones stay readable
 * when the analyser is gone, as long as their ring holds them or, with a reservoir, until its edge has passed their
 * item. Confined to one thread; allocates nothing but at its making and when rings come and go.
 *
 * @param <T> the type
 */
@ProviderType
public interface AttachmentReader<T extends Attachment> extends AutoCloseable {
    /** Looks for the result of an item of the source, of a ring or of the reservoir. */
    AttachmentState look(Item item);

    /** The same by key. */
    AttachmentState look(int epoch, long sequence);

    /** Looks for the result whose span holds a sample frame, by device time of an epoch. */
    AttachmentState lookAtSample(int epoch, long sample);

    /**
     * Goes to the first result at or after a host time, for {@link #next}, in the reservoir if its ring does not reach
     * so far; without a reservoir what is older than the ring's memory is gone and counts as missed.
     */
    void seek(long hostTimeNs);

    /** Goes on to the next result, if there is one. */
    boolean next();

    /** Waits for one at most so long. Blocks. */
    boolean await(long timeoutNs);

    /** The result that was found by the last look or next; null when it is not there. */
    T get();

    /** True as long as the result has not been overwritten; ask after reading, and discard when it is false. */
    boolean intact();

    /** Epoch of the item that it belongs to. */
    int epoch();

    /** Sequence of the item that it belongs to, of the last one of a span. */
    long sequence();

    /** Host time of that item, ns. */
    long hostTimeNs();

    /** Host time at which the result was complete, ns. */
    long completedNs();

    /** Device time of the first sample frame of the span. */
    long firstSample();

    /** Sample frames in the span; 0 for a result of a frame. */
    int sampleFrames();

    /** Results that {@link #next} never saw because it was too slow. */
    long missed();

    @Override
    void close();
}
