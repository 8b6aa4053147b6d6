// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

/**
 * Where the parts of a region lie. Read from a header once, checked as a whole, and used instead of the header ever
 * after, so that bytes changed later by somebody else cannot lead out of the region. Immutable.
 */
record Geometry(int slotCount, int slotBytes, long slotsOffset, long payloadOffset, long payloadStride,
        long formatOffset, int formatCapacity, int formatBytes, long regionBytes) {
    private static final int MOST_SLOTS = 1 << 20;
    private static final int MOST_FORMATS = 4096;
    private static final int FORMATS = 16;
    private static final long PAGE = 4096;

    /** Parts in order, descriptors and payload on pages of their own. */
    static Geometry of(int slotCount, long payloadBytes) {
        long slots = Abi.HEADER_BYTES + (long) FORMATS * Abi.FORMAT_BYTES;
        long payload = Bytes.alignUp(slots + (long) slotCount * Abi.SLOT_BYTES, PAGE);
        long stride = Bytes.alignUp(payloadBytes, 64);
        return new Geometry(slotCount, Abi.SLOT_BYTES, slots, payload, stride, Abi.HEADER_BYTES, FORMATS,
                Abi.FORMAT_BYTES, Bytes.alignUp(payload + stride * slotCount, PAGE));
    }

    /**
     * Reads the header of an existing region, each number once, and checks all that is believed later; the same checks
     * as in C.
     *
     * @throws RingException with one sentence that says what is wrong
     */
    static Geometry read(MemorySegment memory) {
        require(memory.byteSize() >= Abi.HEADER_BYTES, "is shorter than a header: " + memory.byteSize() + " bytes");
        require(Abi.getLong(memory, Abi.H_MAGIC) == Abi.MAGIC, "does not begin with MIMRRING");
        int major = Short.toUnsignedInt(memory.get(Abi.LE_SHORT, Abi.H_ABI_MAJOR));
        int minor = Short.toUnsignedInt(memory.get(Abi.LE_SHORT, Abi.H_ABI_MINOR));
        if (major != Abi.MAJOR) {
            throw new RingException("the ring was written with ABI " + major + "." + minor + ", this reader knows "
                    + Abi.MAJOR + "." + Abi.MINOR + "; use the same release on both sides");
        }
        require(Abi.getInt(memory, Abi.H_HEADER_BYTES) == Abi.HEADER_BYTES, "has a header of another size");
        require(Abi.getLong(memory, Abi.H_REGION_ID) != 0, "has no id");
        require((int) Abi.INT.getAcquire(memory, Abi.H_STATE) != 0, "is not complete yet");
        var geometry = new Geometry(Abi.getInt(memory, Abi.H_SLOT_COUNT), Abi.getInt(memory, Abi.H_SLOT_BYTES),
                Abi.getLong(memory, Abi.H_SLOTS_OFFSET), Abi.getLong(memory, Abi.H_PAYLOAD_OFFSET),
                Abi.getLong(memory, Abi.H_PAYLOAD_STRIDE),
                Integer.toUnsignedLong(Abi.getInt(memory, Abi.H_FORMAT_OFFSET)),
                Abi.getInt(memory, Abi.H_FORMAT_CAPACITY), Abi.getInt(memory, Abi.H_FORMAT_BYTES),
                Abi.getLong(memory, Abi.H_REGION_BYTES));
        geometry.check(memory.byteSize());
        return geometry;
    }

    private void check(long mappedBytes) {
        require(regionBytes >= Abi.HEADER_BYTES && regionBytes <= mappedBytes, "says it has " + regionBytes
                + " bytes");
        require(slotCount > 1 && slotCount <= MOST_SLOTS && Integer.bitCount(slotCount) == 1, "has slot count "
                + slotCount);
        require(isEntrySize(slotBytes, Abi.SLOT_BYTES), "has slots of " + slotBytes + " bytes");
        require(isEntrySize(formatBytes, Abi.FORMAT_BYTES) && formatCapacity >= 0 && formatCapacity <= MOST_FORMATS
                && inside(formatOffset, formatsBytes()), "has a format table that does not fit");
        require(slotsBytes() > 0 && inside(slotsOffset, slotsBytes()), "has descriptors outside of itself");
        require(payloadStride >= 0 && payloadStride <= regionBytes / slotCount && payloadStride % 64 == 0
                && inside(payloadOffset, payloadStride * slotCount), "has payload outside of itself");
        require(apart(slotsOffset, slotsBytes(), formatOffset, formatsBytes())
                && apart(payloadOffset, payloadStride * slotCount, formatOffset, formatsBytes())
                && apart(payloadOffset, payloadStride * slotCount, slotsOffset, slotsBytes()),
                "has parts that overlap");
    }

    private long slotsBytes() {
        return (long) slotCount * slotBytes;
    }

    private long formatsBytes() {
        return (long) formatCapacity * formatBytes;
    }

    private static boolean isEntrySize(int bytes, int least) {
        return bytes >= least && bytes <= PAGE && bytes % 64 == 0;
    }

    /** By subtraction, so that no sum can wrap around; a part of no bytes may stand anywhere. */
    private boolean inside(long offset, long bytes) {
        return bytes == 0 || offset >= Abi.HEADER_BYTES && offset % 64 == 0 && offset <= regionBytes
                && bytes <= regionBytes - offset;
    }

    /** Of parts that are inside. */
    private static boolean apart(long one, long bytes, long other, long otherBytes) {
        return bytes == 0 || otherBytes == 0 || one + bytes <= other || other + otherBytes <= one;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new RingException("this is not a sound Mimir ring: it " + what);
        }
    }

    long slot(long position) {
        return slotsOffset + (position & slotCount - 1) * slotBytes;
    }

    /** Entry {@code index} of the format table. */
    long format(int index) {
        return formatOffset + (long) index * formatBytes;
    }

    long payload(long position) {
        return payloadOffset + (position & slotCount - 1) * payloadStride;
    }
}
