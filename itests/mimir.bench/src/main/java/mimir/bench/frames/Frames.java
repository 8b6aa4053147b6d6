// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import mimir.bench.EventRing;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;
import mimir.ring.RingWriter;

/** What all trials with frames share: 640 x 480 pixels of YUYV to three readers. Immutable. */
final class Frames {
    static final int WIDTH = 640;
    static final int HEIGHT = 480;
    static final long BYTES = 2L * WIDTH * HEIGHT;
    static final int READERS = 3;
    /** As many as may wait in the queues of the peer; the ring has 64 slots and a quarter of them in reserve. */
    static final int UNDER_WAY = 32;
    private static final int CODE_YUYV = 2;

    private Frames() {
    }

    /** A ring of 64 frames. */
    static EventRing ring(String identity, Map<String, ?> configuration) {
        var format = new RingFormat(CODE_YUYV, 1, WIDTH, HEIGHT, 60, 1, List.of(0L), List.of(2 * WIDTH), BYTES, 0);
        return new EventRing(configuration,
                new RingSpec(identity, Abi.ITEM_FRAME, 60, BYTES, format, RingSpec.Writer.JAVA));
    }

    /** Pixels, in memory of its own. */
    static MemorySegment picture(MemorySegment memory, int number) {
        for (long at = 0; at < BYTES; at++) {
            memory.set(ValueLayout.JAVA_BYTE, at, (byte) (at + number));
        }
        return memory;
    }

    /** Publishes the claimed slot as frame {@code sequence}. */
    static void commit(RingWriter writer, long sequence, long timeNs) {
        writer.descriptor().sequence(sequence).hostTimeNs(timeNs).shape(1, WIDTH, HEIGHT, BYTES);
        writer.commit();
    }
}
