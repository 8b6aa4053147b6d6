// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import mimir.api.analysis.AttachmentLayout;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;

/**
 * How the descriptor of a result tells whose it is (docs/adr/0009-analysis.md). Immutable.
 *
 * <pre>
 * sequence, host time   of the item
 * device time           of the item, or of the first sample frame of the span
 * width                 epoch of the item
 * height                sample frames in the span, 0 for a frame
 * handle[2]             host time of completion
 * flag LATE             complete after the item's deadline
 * </pre>
 */
final class ResultDescriptor {
    /** Code of the format of results. */
    static final int CODE = 1025;
    /** What to compare by: the sequence of the item, the first sample frame of the span, or the item's host time. */
    static final int BY_ITEM = 0;
    static final int BY_SAMPLE = 1;
    static final int BY_TIME = 2;
    private static final int COMPLETED = 2;

    private ResultDescriptor() {
    }

    /** The entry of the format table: version as width, bytes of the fields as height. */
    static RingFormat format(AttachmentLayout layout, long tailBytes) {
        long bytes = layout.bytes() + tailBytes;
        return new RingFormat(CODE, 0, layout.version(), Math.toIntExact(layout.bytes()), 1, 1, List.of(0L),
                List.of(Math.toIntExact(layout.bytes())), bytes, 0);
    }

    /** False for results of another version, or of fields that take another number of bytes. */
    static boolean isOf(RingFormat format, AttachmentLayout layout) {
        return format.width() == layout.version() && format.height() == layout.bytes();
    }

    static int epoch(Descriptor result) {
        return result.width();
    }

    static int sampleFrames(Descriptor result) {
        return result.height();
    }

    static long completedNs(Descriptor result) {
        return result.handle(COMPLETED);
    }

    static void completedNs(Descriptor result, long ns) {
        result.inline(COMPLETED, ns); // the same word
    }

    /** Below 0 when the result belongs to an item before the one asked for, 0 when to that one. */
    static int compare(Descriptor result, int epoch, long sequence) {
        return result.width() != epoch ? Integer.compare(result.width(), epoch)
                : Long.compare(result.sequence(), sequence);
    }

    /** The same by the first sample frame of the span. */
    static int compareSample(Descriptor result, int epoch, long sample) {
        return result.width() != epoch ? Integer.compare(result.width(), epoch)
                : Long.compare(result.deviceTime(), sample);
    }

    /** One of the two above, or by host time. */
    static int compare(Descriptor result, int by, int epoch, long value) {
        return switch (by) {
            case BY_ITEM -> compare(result, epoch, value);
            case BY_SAMPLE -> compareSample(result, epoch, value);
            default -> Long.compare(result.hostTimeNs(), value);
        };
    }

    /** True when the span holds a sample frame. */
    static boolean holdsSample(Descriptor result, int epoch, long sample) {
        return epoch(result) == epoch && sample >= result.deviceTime()
                && sample - result.deviceTime() < sampleFrames(result);
    }
}
