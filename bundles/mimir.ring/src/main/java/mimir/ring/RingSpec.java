// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.nio.charset.StandardCharsets;

/**
 * What a source asks of its ring. Immutable.
 *
 * @param identity name of the source, the same for every incarnation of it (at most 127 bytes of UTF-8)
 * @param itemKind {@link Abi#ITEM_FRAME}, {@link Abi#ITEM_AUDIO} or {@link Abi#ITEM_EVENT}
 * @param itemsPerSecond how many items the source publishes; with the kind it decides the number of slots
 * @param payloadBytes largest payload of an item
 * @param format first entry of the format table
 * @param writer who writes: a native writer always gets sealed memory (a truncated file under C would end the process)
 */
public record RingSpec(String identity, int itemKind, double itemsPerSecond, long payloadBytes, RingFormat format,
        Writer writer) {

    /** Who writes the ring. Immutable. */
    public enum Writer {
        /** A thread of a native fragment. */
        NATIVE,
        /** Java, through {@link RingWriter}. */
        JAVA
    }

    private static final int MOST_SLOTS = 1 << 20;

    /** Checks the values. Throws {@link IllegalArgumentException} that names the value at fault. */
    public RingSpec {
        if (identity.isBlank() || identity.getBytes(StandardCharsets.UTF_8).length >= Abi.NAME_BYTES) {
            throw new IllegalArgumentException("a source identity has 1 to 127 bytes: '" + identity + "'");
        }
        if (itemKind < Abi.ITEM_FRAME || itemKind > Abi.ITEM_EVENT) {
            throw new IllegalArgumentException("unknown item kind: " + itemKind);
        }
        if (!(itemsPerSecond > 0) || itemsPerSecond > MOST_SLOTS) {
            throw new IllegalArgumentException("items per second must lie between 0 and " + MOST_SLOTS + ": "
                    + itemsPerSecond);
        }
        if (payloadBytes < format.payloadBytes() || payloadBytes > 1L << 32) {
            throw new IllegalArgumentException("a slot holds from " + format.payloadBytes() + " bytes to 4 GiB: "
                    + payloadBytes);
        }
    }

    /** Memory that the region of this ring takes, bytes. */
    public long regionBytes() {
        return Geometry.of(slotCount(), payloadBytes).regionBytes();
    }

    /**
     * Slots of the ring: the next power of two over half a second of items, at least 64 frames, 1,024 blocks, 4,096
     * events.
     */
    public int slotCount() {
        int least = switch (itemKind) {
            case Abi.ITEM_FRAME -> 64;
            case Abi.ITEM_AUDIO -> 1024;
            default -> 4096;
        };
        int wanted = Math.max(least, (int) Math.ceil(itemsPerSecond * 0.5));
        return wanted == Integer.highestOneBit(wanted) ? wanted : Integer.highestOneBit(wanted) << 1;
    }
}
