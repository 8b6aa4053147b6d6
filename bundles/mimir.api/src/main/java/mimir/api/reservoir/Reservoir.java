// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The rolling memory over all sources: one budget of bytes fixed at start, one edge in canonical time, no rule that
 * knows a kind of item. It holds what came since the edge, of sources that are gone as well. Thread-safe; control
 * threads.
 */
@ProviderType
public interface Reservoir {
    /** What it holds now. Allocates. */
    ReservoirStats stats();

    /**
     * Opens a cursor over the items of one source between two instants, in order of arrival; it reads in place.
     *
     * @param fromNs canonical time, ns, inclusive; anything before the edge means the edge
     * @param toNs canonical time, ns, exclusive; {@link Long#MAX_VALUE} for everything that is there when the cursor
     * gets there
     * @throws mimir.api.BadInputException when the reservoir never saw the source
     */
    ReservoirCursor open(String sourceId, long fromNs, long toNs);

    /**
     * Opens a view of the samples of an audio source between two instants, sample-exact and with its gaps.
     *
     * @param fromNs canonical time, ns: the first sample that is not before it is the first one
     * @param toNs canonical time, ns: the last sample that is before it is the last one; {@link Long#MAX_VALUE} for
     * everything that is there when the view gets there
     * @throws mimir.api.BadInputException when the reservoir never saw the source, or it sends no samples
     */
    SampleRuns samples(String sourceId, long fromNs, long toNs);

    /**
     * Opens a view of the items of several sources that belong together.
     *
     * @param sourceIds which, in the order of the sets; all when it is empty
     * @param fromNs canonical time, ns, inclusive: the items of the interval
     * @param toNs canonical time, ns, exclusive; {@link Long#MAX_VALUE} for everything that is there when the view gets
     * there
     * @param toleranceNs how far apart items of one set may be
     * @throws mimir.api.BadInputException when the reservoir never saw one of the sources, or one is named twice
     */
    ItemSets sets(List<String> sourceIds, long fromNs, long toNs, long toleranceNs);

    /**
     * What belongs to a stretch of time of one source and is not there, by reason. What was evicted is told at the
     * pace at which the source sent it, all else at the times at which it was lost, of which those long ago are run
     * together; stretches side by side add up. What a source did not send, and did not count either, is not missing.
     * Allocates.
     *
     * @param fromNs canonical time, ns, inclusive
     * @param toNs canonical time, ns, exclusive
     * @throws mimir.api.BadInputException when the reservoir never saw the source
     */
    Missing missing(String sourceId, long fromNs, long toNs);

    /**
     * Keeps everything from {@code fromNs} on until the pin is closed; the reservoir then refuses new items rather than
     * overwrite it, and counts them. At most three quarters of the budget may be pinned.
     *
     * @throws mimir.api.BadInputException when the window is longer than that, or begins before the edge
     */
    Pin pin(long fromNs);

    /**
     * Waits until every item published before the call is in, at most {@code timeoutNs}. Blocks. False when the time
     * passed.
     */
    boolean drain(long timeoutNs);

    /** Sources seen so far, in order. */
    Collection<String> sources();

    /** A window that is kept. Closing it twice does nothing. */
    @ProviderType
    interface Pin extends AutoCloseable {
        /** Lets the window go. */
        @Override
        void close();
    }
}
