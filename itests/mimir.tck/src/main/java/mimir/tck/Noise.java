// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Content that looks like nothing, and is the same for the same number of an item. Immutable. */
final class Noise {
    private Noise() {
    }

    /** Any bytes. */
    static void picture(long number, MemorySegment payload) {
        long state = seed(number);
        long whole = payload.byteSize() & -Long.BYTES;
        for (long at = 0; at < whole; at += Long.BYTES) {
            state = step(state);
            payload.set(ValueLayout.JAVA_LONG_UNALIGNED, at, state);
        }
        for (long at = whole; at < payload.byteSize(); at++) {
            payload.set(ValueLayout.JAVA_BYTE, at, (byte) (state >> at - whole));
        }
    }

    /** Samples between -0.5 and 0.5. */
    static void sound(long number, MemorySegment payload) {
        long state = seed(number);
        for (long at = 0; at < payload.byteSize(); at += Float.BYTES) {
            state = step(state);
            payload.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (int) state * 0x1p-32f);
        }
    }

    private static long seed(long number) {
        return (number + 1) * 0x9E3779B97F4A7C15L;
    }

    /** Xorshift: never 0, and fast. */
    private static long step(long state) {
        long next = state;
        next ^= next << 13;
        next ^= next >>> 7;
        return next ^ next << 17;
    }
}
