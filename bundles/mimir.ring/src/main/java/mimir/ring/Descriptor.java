// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

/**
 * Flyweight over the 128 bytes that describe one item; accessors neither allocate nor check. A reader's descriptor lies
 * over a private, consistent copy; a writer's over the slot itself. Confined to the thread of its reader or writer.
 *
 * <pre>
 *    0       8        16    20     24        32          40      44      48    52     56
 *    +-------+--------+-----+------+---------+-----------+-------+-------+-----+------+
 *    |gener. |sequence|epoch|source|host time|device time|clock  |format |width|height|
 *    +-------+--------+-----+------+---------+-----------+-------+-------+-----+------+
 *    56       64    68     72    76     80               104      128
 *    +--------+-----+------+-----+------+----------------+--------+
 *    |payload |kind |crc32c|flags|gap   |handle[3]       |reserved|
 *    +--------+-----+------+-----+------+----------------+--------+
 *                                       |payload of kind INLINE   |
 * </pre>
 */
public final class Descriptor {
    /** Items of the source are missing just before this one: {@link #gapItems}. */
    public static final int GAP_BEFORE = 0x01;
    /** First item of an epoch: no offset may be carried across it. */
    public static final int DISCONTINUITY = 0x02;
    /** The device or its transport said that the payload is damaged. */
    public static final int CORRUPT = 0x04;
    /** A copy through CPU memory was needed on the way in. */
    public static final int STAGED = 0x08;
    /** The device gave no time with this item. */
    public static final int NO_TIME_INFO = 0x10;
    /** {@link #crc32c} is valid. */
    public static final int CRC = 0x20;

    /** {@link #deviceClock}: the device tells no time. */
    public static final int CLOCK_NONE = 0;
    /** {@link #deviceClock}: a count of samples or frames. */
    public static final int CLOCK_COUNTER = 1;
    /** {@link #deviceClock}: ticks at the format's {@link RingFormat#deviceTickHz}. */
    public static final int CLOCK_TICKS = 2;

    /** Bytes of a descriptor. */
    public static final int BYTES = Abi.SLOT_BYTES;

    private MemorySegment memory;
    private long base;

    /** A flyweight over nothing yet. */
    public Descriptor() {
        this.memory = MemorySegment.NULL;
    }

    /** Lays this flyweight over a descriptor (8-byte aligned). */
    public Descriptor wrap(MemorySegment memory, long offset) {
        this.memory = memory;
        this.base = offset;
        return this;
    }

    /** Number of the item at its device; goes on across gaps, restarts only with an epoch. */
    public long sequence() {
        return Abi.getLong(memory, base + Abi.D_SEQUENCE);
    }

    /** Epoch of the source, 1 for the first. */
    public int epoch() {
        return Abi.getInt(memory, base + Abi.D_EPOCH);
    }

    /** Small number of the source within its platform. */
    public int sourceId() {
        return Abi.getInt(memory, base + Abi.D_SOURCE_ID);
    }

    /** Host clock when the item arrived, ns. */
    public long hostTimeNs() {
        return Abi.getLong(memory, base + Abi.D_HOST_TIME_NS);
    }

    /** Raw device time, unit by {@link #deviceClock}. */
    public long deviceTime() {
        return Abi.getLong(memory, base + Abi.D_DEVICE_TIME);
    }

    /** {@link #CLOCK_NONE}, {@link #CLOCK_COUNTER} or {@link #CLOCK_TICKS}. */
    public int deviceClock() {
        return Abi.getInt(memory, base + Abi.D_DEVICE_CLOCK);
    }

    /** Entry of the ring's format table, from 1. */
    public int formatId() {
        return Abi.getInt(memory, base + Abi.D_FORMAT_ID);
    }

    /** Pixels; audio: channels. */
    public int width() {
        return Abi.getInt(memory, base + Abi.D_WIDTH);
    }

    /** Pixels; audio: sample frames in this block. */
    public int height() {
        return Abi.getInt(memory, base + Abi.D_HEIGHT);
    }

    /** Length of the payload in bytes. */
    public long payloadBytes() {
        return Abi.getLong(memory, base + Abi.D_PAYLOAD_BYTES);
    }

    /** Word {@code index} (0 to 2) of the payload handle; its meaning is {@link #payloadKind}'s. */
    public long handle(int index) {
        return Abi.getLong(memory, base + Abi.D_HANDLE + 8L * index);
    }

    /** {@code enum mimir_payload_kind}; {@link Abi#PAYLOAD_MEMORY} is the region's own slab. */
    public int payloadKind() {
        return Abi.getInt(memory, base + Abi.D_PAYLOAD_KIND);
    }

    /** CRC32C of the payload; valid with flag {@link #CRC}. */
    public int crc32c() {
        return Abi.getInt(memory, base + Abi.D_CRC32C);
    }

    /** The flag bits. */
    public int flags() {
        return Abi.getInt(memory, base + Abi.D_FLAGS);
    }

    /** True when all bits of {@code flag} are set. */
    public boolean has(int flag) {
        return (flags() & flag) == flag;
    }

    /** How many items are missing just before this one. */
    public int gapItems() {
        return Abi.getInt(memory, base + Abi.D_GAP_ITEMS);
    }

    /** Writer: see {@link #sequence()}. */
    public Descriptor sequence(long value) {
        Abi.putLong(memory, base + Abi.D_SEQUENCE, value);
        return this;
    }

    /** Writer: see {@link #hostTimeNs()}. */
    public Descriptor hostTimeNs(long value) {
        Abi.putLong(memory, base + Abi.D_HOST_TIME_NS, value);
        return this;
    }

    /** Writer: see {@link #deviceTime()} and {@link #deviceClock()}. */
    public Descriptor deviceTime(int clock, long value) {
        Abi.putInt(memory, base + Abi.D_DEVICE_CLOCK, clock);
        Abi.putLong(memory, base + Abi.D_DEVICE_TIME, value);
        return this;
    }

    /** Writer: entry of the format table, sizes of this item and length of its payload in bytes. */
    public Descriptor shape(int formatId, int width, int height, long payloadBytes) {
        Abi.putInt(memory, base + Abi.D_FORMAT_ID, formatId);
        Abi.putInt(memory, base + Abi.D_WIDTH, width);
        Abi.putInt(memory, base + Abi.D_HEIGHT, height);
        Abi.putLong(memory, base + Abi.D_PAYLOAD_BYTES, payloadBytes);
        return this;
    }

    /** Writer: sets {@link #crc32c()} and its flag. */
    public Descriptor crc32c(int value) {
        Abi.putInt(memory, base + Abi.D_CRC32C, value);
        return addFlags(CRC);
    }

    /** Writer: adds flag bits. */
    public Descriptor addFlags(int bits) {
        Abi.putInt(memory, base + Abi.D_FLAGS, flags() | bits);
        return this;
    }

    /** Writer: payload kind and its handle, for payloads outside the slab. */
    public Descriptor payload(int kind, long handle0, long handle1, long handle2) {
        Abi.putInt(memory, base + Abi.D_PAYLOAD_KIND, kind);
        Abi.putLong(memory, base + Abi.D_HANDLE, handle0);
        Abi.putLong(memory, base + Abi.D_HANDLE + 8, handle1);
        Abi.putLong(memory, base + Abi.D_HANDLE + 16, handle2);
        return this;
    }

    /** Writer: the payload is in the descriptor, from {@link Abi#D_HANDLE} on. */
    void inline() {
        Abi.putInt(memory, base + Abi.D_PAYLOAD_KIND, Abi.PAYLOAD_INLINE);
        Abi.putLong(memory, base + Abi.D_HANDLE, 0);
        Abi.putLong(memory, base + Abi.D_HANDLE + 8, 0);
    }

    /** Copies all 128 bytes to another place (8-byte aligned). A descriptor is no payload: nothing is counted. */
    public void copyTo(MemorySegment target, long offset) {
        for (long at = 0; at < BYTES; at += Long.BYTES) {
            Abi.putLong(target, offset + at, Abi.getLong(memory, base + at));
        }
    }

    void gap(int items) {
        Abi.putInt(memory, base + Abi.D_GAP_ITEMS, items);
        addFlags(GAP_BEFORE);
    }

    void discontinuity(int epoch) {
        Abi.putInt(memory, base + Abi.D_EPOCH, epoch);
        addFlags(DISCONTINUITY);
    }

    void begin(long position, int epoch, int sourceId, long payloadOffset, long regionId) {
        for (long at = Abi.D_SEQUENCE; at < BYTES; at += Long.BYTES) {
            Abi.putLong(memory, base + at, 0);
        }
        Abi.putInt(memory, base + Abi.D_EPOCH, epoch);
        Abi.putInt(memory, base + Abi.D_SOURCE_ID, sourceId);
        payload(Abi.PAYLOAD_MEMORY, payloadOffset, regionId, 0);
    }
}
