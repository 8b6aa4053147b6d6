// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.nio.charset.StandardCharsets;

/**
 * What a source asks of its ring. Immutable.
 *
 * @param identity name of the source, the same for every incarnation of it (at most 127 bytes of UTF-8)
 * @param itemKind {@link Abi#ITEM_FRAME}, {@link Abi#ITEM_AUDIO}, {@link Abi#ITEM_EVENT} or {@link Abi#ITEM_RESULT}
 * @param itemsPerSecond how many items the source publishes; with the kind it decides the number of slots
 * @param payloadBytes largest payload of an item
 * @param format first entry of the format table
 * @param writer who writes: a native writer always gets sealed memory (a truncated file under C would end the process)
 * @param hostClockId clock that {@code host_time_ns} is by, {@link HostClock#id()} as a rule
 */
public record RingSpec(String identity, int itemKind, double itemsPerSecond, long payloadBytes, RingFormat format,
        Writer writer, long hostClockId) {

    /** Who writes the ring. Immutable. */
    public enum Writer {
        /** A thread of a native fragment or of another process; Java may do it, too. */
        NATIVE,
        /** Java alone, through {@link RingWriter}: readers of its process sleep where only that one wakes them. */
        JAVA
    }

    /** How long a ring lasts where nobody says otherwise, s; also the least that can be asked for. */
    public static final double LEAST_SECONDS = 0.5;
    /** The longest that can be asked for, s. */
    public static final double MOST_SECONDS = 10;

    private static final int MOST_SLOTS = 1 << 20;
    private static final long RESULTS_BYTES = 8 << 20;

    /** With times by the clock of this host. */
    public RingSpec(String identity, int itemKind, double itemsPerSecond, long payloadBytes, RingFormat format,
            Writer writer) {
        this(identity, itemKind, itemsPerSecond, payloadBytes, format, writer, HostClock.id());
    }

    /** The same with times by another host's clock, as of a helper that reads another one than this process does. */
    public RingSpec onHostClock(long id) {
        return new RingSpec(identity, itemKind, itemsPerSecond, payloadBytes, format, writer, id);
    }

    /** Checks the values. Throws {@link IllegalArgumentException} that names the value at fault. */
    public RingSpec {
        if (identity.isBlank() || identity.getBytes(StandardCharsets.UTF_8).length >= Abi.NAME_BYTES) {
            throw new IllegalArgumentException("a source identity has 1 to 127 bytes: '" + identity + "'");
        }
        if (itemKind < Abi.ITEM_FRAME || itemKind > Abi.ITEM_RESULT) {
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

    /** Memory that the region of this ring takes when it lasts {@link #LEAST_SECONDS}, bytes. */
    public long regionBytes() {
        return Geometry.of(slotCount(), payloadBytes).regionBytes();
    }

    /** For how long the slots of {@link #slotCount()} last, s: longer than asked for where they were rounded up. */
    public double seconds() {
        return slotCount() / itemsPerSecond;
    }

    /** {@link #slotCount(double)} of {@link #LEAST_SECONDS}. */
    public int slotCount() {
        return slotCount(LEAST_SECONDS);
    }

    /**
     * Slots of a ring that lasts so long: the next power of two over that many items, at least 64 frames, 1,024 blocks,
     * 4,096 events, at most 1,048,576. Results have a rule of their own, for they are looked for later, too: ten
     * seconds of them as far as that takes at most 8 MiB, else half a second and at least 64.
     *
     * @param seconds from {@link #LEAST_SECONDS} to {@link #MOST_SECONDS}, or more where the items are kept there
     */
    public int slotCount(double seconds) {
        int least = switch (itemKind) {
            case Abi.ITEM_FRAME, Abi.ITEM_RESULT -> 64;
            case Abi.ITEM_AUDIO -> 1024;
            default -> 4096;
        };
        double lasting = itemKind == Abi.ITEM_RESULT ? LEAST_SECONDS : seconds;
        int needed = powerOfTwoFrom(Math.max(least, Math.min(MOST_SLOTS, itemsPerSecond * lasting)));
        if (itemKind != Abi.ITEM_RESULT) {
            return needed;
        }
        long fitting = RESULTS_BYTES / (Abi.SLOT_BYTES + Bytes.alignUp(payloadBytes, 64));
        int wanted = powerOfTwoFrom(Math.min(MOST_SLOTS, itemsPerSecond * 10));
        return Math.max(needed, Math.min(wanted, (int) Long.highestOneBit(fitting)));
    }

    private static int powerOfTwoFrom(double items) {
        int least = (int) Math.ceil(items);
        return least == Integer.highestOneBit(least) ? least : Integer.highestOneBit(least) << 1;
    }
}
