// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Changes bytes of a region as somebody would who means harm: numbers near limits, near each other, or any. A run is
 * repeated by its seed: {@code -Dmimir.fuzz.seed=…}, and made longer by {@code -Dmimir.fuzz.factor=100}.
 */
final class HostileBytes {
    private static final long[] LIMITS = {0, 1, 2, 3, 63, 64, 127, 128, 255, 256, 4095, 4096, 4097, 1 << 20, 1 << 24,
            Integer.MAX_VALUE, 1L << 31, 0xFFFF_FFFFL, 1L << 32, 1L << 33, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE,
            -4096, -64, -1};

    final long seed;
    final SplittableRandom random;

    HostileBytes() {
        seed = Long.getLong("mimir.fuzz.seed", System.nanoTime());
        random = new SplittableRandom(seed);
    }

    /** {@code inputs} in the build, more when that is asked for. */
    static int times(int inputs) {
        return inputs * Integer.getInteger("mimir.fuzz.factor", 1);
    }

    /** A number that may do harm in the place of {@code old}. */
    long number(long old) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextLong();
            case 1 -> old + random.nextInt(-2, 3);
            case 2 -> old ^ 1L << random.nextInt(64);
            case 3 -> old + 64L * random.nextInt(-70, 71);
            case 4 -> old << random.nextInt(1, 40);
            default -> LIMITS[random.nextInt(LIMITS.length)] + random.nextInt(-1, 2);
        };
    }

    /** Changes the number of {@code bytes} (1, 2, 4 or 8) at an offset. */
    void change(MemorySegment memory, long offset, int bytes) {
        switch (bytes) {
            case 8 -> memory.set(Abi.LE_LONG, offset, number(memory.get(Abi.LE_LONG, offset)));
            case 4 -> memory.set(Abi.LE_INT, offset, (int) number(memory.get(Abi.LE_INT, offset)));
            case 2 -> memory.set(Abi.LE_SHORT, offset, (short) number(memory.get(Abi.LE_SHORT, offset)));
            default -> memory.set(ValueLayout.JAVA_BYTE, offset, (byte) random.nextInt());
        }
    }

    /** Changes an aligned number of four or eight bytes somewhere in a range. */
    void changeSomewhere(MemorySegment memory, long from, long to) {
        int bytes = random.nextBoolean() ? 8 : 4;
        change(memory, from + random.nextLong(to - from) / bytes * bytes, bytes);
    }

    /** Who fails says which input it was. */
    String at(int input) {
        return "input " + input + " of seed " + seed + " (repeat with -Dmimir.fuzz.seed=" + seed + ")";
    }

    /** True when a message is one sentence for a person, and no more. */
    static boolean isOneSentence(String message) {
        return message != null && !message.isBlank() && message.length() < 300 && !message.contains("\n")
                && !message.contains("Exception") && !message.contains("null");
    }
}
