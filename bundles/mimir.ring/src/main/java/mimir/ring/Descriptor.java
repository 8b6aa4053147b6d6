// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

/**
 * The 128 bytes that describe one item, as a private copy: a reader's was taken out of its slot and found consistent, a
 * writer's goes into its slot when the item is staged. So accessors touch the heap only; they neither allocate nor
 * check, and no descriptor that somebody keeps can lead to memory that is gone. Confined to the thread of its reader or
 * writer.
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
    /** A result that was complete after its item's deadline. */
    public static final int LATE = 0x40;

    /** {@link #deviceClock}: the device tells no time. */
    public static final int CLOCK_NONE = 0;
    /** {@link #deviceClock}: a count of samples or frames. */
    public static final int CLOCK_COUNTER = 1;
    /** {@link #deviceClock}: ticks at the format's {@link RingFormat#deviceTickHz}. */
    public static final int CLOCK_TICKS = 2;

    /** Bytes of a descriptor. */
    public static final int BYTES = Abi.SLOT_BYTES;

    private static final long RESERVED = Abi.D_HANDLE + 24;
    private static final int SEQUENCE = (int) Abi.D_SEQUENCE / Long.BYTES; // its word

    private final long[] words = new long[Abi.SLOT_BYTES / Long.BYTES];
    private final MemorySegment memory = MemorySegment.ofArray(words);

    /** Of nothing yet: all zero. */
    public Descriptor() {
        // as initialised
    }

    /** Takes all 128 bytes from {@code offset} (8-byte aligned) of a place where nobody changes them meanwhile. */
    public Descriptor load(MemorySegment from, long offset) {
        Copies.copy(from, offset, words, words.length);
        return this;
    }

    /** Takes all 128 bytes of another descriptor. */
    public Descriptor load(Descriptor other) {
        return load(other.memory, 0);
    }

    /** Takes the 16 words from {@code first} on. */
    void load(long[] from, int first) {
        Copies.copy(from, first, words, words.length);
    }

    /** Copies all 128 bytes to another place (8-byte aligned). A descriptor is no payload: nothing is counted. */
    public void copyTo(MemorySegment target, long offset) {
        Copies.copy(memory, 0, target, offset, BYTES);
    }

    /** Copies everything but the generation, which says whether the rest may be believed. */
    void publishTo(MemorySegment target, long slot) {
        Copies.copy(words, SEQUENCE, target, slot + Abi.D_SEQUENCE, words.length - SEQUENCE);
    }

    /** These bytes, for the payload of kind INLINE that stands among them. */
    MemorySegment memory() {
        return memory;
    }

    private long getLong(long offset) {
        return words[(int) offset >>> 3];
    }

    /** Words are little-endian in memory as everything in a ring; so is every processor that Mimir runs on. */
    private int getInt(long offset) {
        return (int) (words[(int) offset >>> 3] >>> ((offset & 4) << 3));
    }

    private void putLong(long offset, long value) {
        words[(int) offset >>> 3] = value;
    }

    private void putInt(long offset, int value) {
        long shift = (offset & 4) << 3;
        long others = words[(int) offset >>> 3] & ~(0xFFFF_FFFFL << shift);
        words[(int) offset >>> 3] = others | (value & 0xFFFF_FFFFL) << shift;
    }

    /** The slot's generation when this was taken from it. */
    long generation() {
        return getLong(Abi.D_GENERATION);
    }

    /** Number of the item at its device; goes on across gaps, restarts only with an epoch. */
    public long sequence() {
        return getLong(Abi.D_SEQUENCE);
    }

    /** Epoch of the source, 1 for the first. */
    public int epoch() {
        return getInt(Abi.D_EPOCH);
    }

    /** Small number of the source within its platform. */
    public int sourceId() {
        return getInt(Abi.D_SOURCE_ID);
    }

    /**
     * Host clock when the item arrived, ns. A reader in the platform of the source sees it by {@link HostClock},
     * whatever clock the writer reads.
     */
    public long hostTimeNs() {
        return getLong(Abi.D_HOST_TIME_NS);
    }

    /** Raw device time, unit by {@link #deviceClock}. */
    public long deviceTime() {
        return getLong(Abi.D_DEVICE_TIME);
    }

    /** {@link #CLOCK_NONE}, {@link #CLOCK_COUNTER} or {@link #CLOCK_TICKS}. */
    public int deviceClock() {
        return getInt(Abi.D_DEVICE_CLOCK);
    }

    /** Entry of the ring's format table, from 1. */
    public int formatId() {
        return getInt(Abi.D_FORMAT_ID);
    }

    /** Pixels; audio: channels. */
    public int width() {
        return getInt(Abi.D_WIDTH);
    }

    /** Pixels; audio: sample frames in this block. */
    public int height() {
        return getInt(Abi.D_HEIGHT);
    }

    /** Length of the payload in bytes. */
    public long payloadBytes() {
        return getLong(Abi.D_PAYLOAD_BYTES);
    }

    /** Word {@code index} (0 to 2) of the payload handle; its meaning is {@link #payloadKind}'s. */
    public long handle(int index) {
        return getLong(Abi.D_HANDLE + 8L * index);
    }

    /** Word {@code index} (0 to 5) of a payload of kind INLINE; the same bytes as in {@link Item#memory}, sooner. */
    public long inline(int index) {
        return getLong(Abi.D_HANDLE + 8L * index);
    }

    /** {@code enum mimir_payload_kind}; {@link Abi#PAYLOAD_MEMORY} is the region's own slab. */
    public int payloadKind() {
        return getInt(Abi.D_PAYLOAD_KIND);
    }

    /** CRC32C of the payload; valid with flag {@link #CRC}. */
    public int crc32c() {
        return getInt(Abi.D_CRC32C);
    }

    /** The flag bits. */
    public int flags() {
        return getInt(Abi.D_FLAGS);
    }

    /** True when all bits of {@code flag} are set. */
    public boolean has(int flag) {
        return (flags() & flag) == flag;
    }

    /** How many items are missing just before this one. */
    public int gapItems() {
        return getInt(Abi.D_GAP_ITEMS);
    }

    /** Writer: see {@link #sequence()}. */
    public Descriptor sequence(long value) {
        putLong(Abi.D_SEQUENCE, value);
        return this;
    }

    /** Writer: see {@link #hostTimeNs()}. */
    public Descriptor hostTimeNs(long value) {
        putLong(Abi.D_HOST_TIME_NS, value);
        return this;
    }

    /** Writer: see {@link #deviceTime()} and {@link #deviceClock()}. */
    public Descriptor deviceTime(int clock, long value) {
        putInt(Abi.D_DEVICE_CLOCK, clock);
        putLong(Abi.D_DEVICE_TIME, value);
        return this;
    }

    /** Writer: entry of the format table, sizes of this item and length of its payload in bytes. */
    public Descriptor shape(int formatId, int width, int height, long payloadBytes) {
        putInt(Abi.D_FORMAT_ID, formatId);
        putLong(Abi.D_WIDTH, pair(width, height));
        putLong(Abi.D_PAYLOAD_BYTES, payloadBytes);
        return this;
    }

    /** Writer: sets {@link #crc32c()} and its flag. */
    public Descriptor crc32c(int value) {
        putInt(Abi.D_CRC32C, value);
        return addFlags(CRC);
    }

    /** Writer: adds flag bits. */
    public Descriptor addFlags(int bits) {
        putInt(Abi.D_FLAGS, flags() | bits);
        return this;
    }

    /** Writer: payload kind and its handle, for payloads outside the slab. */
    public Descriptor payload(int kind, long handle0, long handle1, long handle2) {
        putInt(Abi.D_PAYLOAD_KIND, kind);
        putLong(Abi.D_HANDLE, handle0);
        putLong(Abi.D_HANDLE + 8, handle1);
        putLong(Abi.D_HANDLE + 16, handle2);
        return this;
    }

    /** Writer: sets word {@code index} (0 to 5) of a payload of kind INLINE, see {@link RingWriter#claimInline}. */
    public Descriptor inline(int index, long value) {
        putLong(Abi.D_HANDLE + 8L * index, value);
        return this;
    }

    void gap(int items) {
        putInt(Abi.D_GAP_ITEMS, items);
        addFlags(GAP_BEFORE);
    }

    void discontinuity(int epoch) {
        putInt(Abi.D_EPOCH, epoch);
        addFlags(DISCONTINUITY);
    }

    /** A new item: all zero but what is told. The highest word comes first: its bounds check is everyone's. */
    void begin(int epoch, int sourceId, int kind, long handle0, long handle1) {
        putLong(RESERVED + 16, 0);
        putLong(RESERVED + 8, 0);
        putLong(RESERVED, 0);
        putLong(Abi.D_HANDLE + 16, 0);
        putLong(Abi.D_HANDLE + 8, handle1);
        putLong(Abi.D_HANDLE, handle0);
        putLong(Abi.D_FLAGS, 0);
        putLong(Abi.D_PAYLOAD_KIND, kind);
        putLong(Abi.D_PAYLOAD_BYTES, 0);
        putLong(Abi.D_WIDTH, 0);
        putLong(Abi.D_DEVICE_CLOCK, 0);
        putLong(Abi.D_DEVICE_TIME, 0);
        putLong(Abi.D_HOST_TIME_NS, 0);
        putLong(Abi.D_EPOCH, pair(epoch, sourceId));
        putLong(Abi.D_SEQUENCE, 0);
    }

    /** Two neighbouring ints. */
    private static long pair(int lower, int upper) {
        return lower & 0xFFFF_FFFFL | (long) upper << 32;
    }
}
