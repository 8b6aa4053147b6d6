// SPDX-License-Identifier: Apache-2.0
package mimir.bench.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The bytes of a result, 128 of descriptor and 16 of fields, copied into native memory and back, with nobody told and
 * nothing checked but the bounds. Confined.
 */
final class CopyPair implements Pair {
    private static final int SLOTS = 64;
    private static final int WORDS = (128 + 16) / Long.BYTES;
    private static final long STRIDE = 192;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment slots = arena.allocate(SLOTS * STRIDE, 64);
    private final long[] in = new long[WORDS];
    private final long[] out = new long[WORDS];

    @Override
    public void put(long number) {
        in[0] = number;
        in[WORDS - 1] = number;
        MemorySegment.copy(in, 0, slots, ValueLayout.JAVA_LONG, (number & SLOTS - 1) * STRIDE, WORDS);
    }

    @Override
    public long take(long number) {
        MemorySegment.copy(slots, ValueLayout.JAVA_LONG, (number & SLOTS - 1) * STRIDE, out, 0, WORDS);
        return out[0] == out[WORDS - 1] ? out[0] : -1;
    }

    @Override
    public void close() {
        arena.close();
    }
}
