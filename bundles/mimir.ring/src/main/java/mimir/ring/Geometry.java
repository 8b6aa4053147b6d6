// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

/**
 * Where the parts of a region lie. Read from a header once, checked as a whole, and used instead of the header ever
 * after, so that bytes changed later by somebody else cannot lead out of the region. Immutable.
 */
record Geometry(int slotCount, int slotBytes, long slotsOffset, long payloadOffset, long payloadStride,
        int formatCapacity,
        long regionBytes) {
    private static final int MOST_SLOTS = 1 << 20;
    private static final int FORMATS = 16;
    private static final long PAGE = 4096;

    /** Parts in order, descriptors and payload on pages of their own. */
    static Geometry of(int slotCount, long payloadBytes) {
        long slots = Abi.HEADER_BYTES + (long) FORMATS * Abi.FORMAT_BYTES;
        long payload = Bytes.alignUp(slots + (long) slotCount * Abi.SLOT_BYTES, PAGE);
        long stride = Bytes.alignUp(payloadBytes, 64);
        return new Geometry(slotCount, Abi.SLOT_BYTES, slots, payload, stride, FORMATS,
                Bytes.alignUp(payload + stride * slotCount, PAGE));
    }

    /**
     * Reads the header of an existing region and checks all that is believed later.
     *
     * @throws RingException with one sentence that says what is wrong
     */
    static Geometry read(MemorySegment memory) {
        require(memory.byteSize() >= Abi.HEADER_BYTES, "shorter than a header: " + memory.byteSize() + " bytes");
        require(Abi.getLong(memory, Abi.H_MAGIC) == Abi.MAGIC, "does not begin with MIMRRING");
        int major = memory.get(Abi.LE_SHORT, Abi.H_ABI_MAJOR);
        int minor = memory.get(Abi.LE_SHORT, Abi.H_ABI_MINOR);
        if (major != Abi.MAJOR) {
            throw new RingException("the ring was written with ABI " + major + "." + minor + ", this reader knows "
                    + Abi.MAJOR + "."
                    + Abi.MINOR + "; use the same release on both sides");
        }
        var geometry = new Geometry(Abi.getInt(memory, Abi.H_SLOT_COUNT), Abi.getInt(memory, Abi.H_SLOT_BYTES),
                Abi.getLong(memory, Abi.H_SLOTS_OFFSET), Abi.getLong(memory, Abi.H_PAYLOAD_OFFSET),
                Abi.getLong(memory, Abi.H_PAYLOAD_STRIDE), Abi.getInt(memory, Abi.H_FORMAT_CAPACITY),
                Abi.getLong(memory, Abi.H_REGION_BYTES));
        geometry.check(memory);
        return geometry;
    }

    private void check(MemorySegment memory) {
        int formatOffset = Abi.getInt(memory, Abi.H_FORMAT_OFFSET);
        require(regionBytes >= Abi.HEADER_BYTES && regionBytes <= memory.byteSize(), "says it has " + regionBytes
                + " bytes");
        require(slotCount > 1 && slotCount <= MOST_SLOTS && Integer.bitCount(slotCount) == 1, "has slot count "
                + slotCount);
        require(slotBytes >= Abi.SLOT_BYTES && slotBytes <= PAGE && slotBytes % 64 == 0, "has slots of " + slotBytes
                + " bytes");
        require(Abi.getInt(memory, Abi.H_FORMAT_BYTES) == Abi.FORMAT_BYTES && formatOffset == Abi.HEADER_BYTES
                && formatCapacity > 0 && formatCapacity <= 4096, "has a format table that does not fit");
        require(inside(slotsOffset, (long) slotCount * slotBytes), "has descriptors outside of itself");
        require(payloadStride >= 0 && payloadStride <= 1L << 33 && payloadStride % 64 == 0
                && inside(payloadOffset, payloadStride * slotCount), "has payload outside of itself");
        require(slotsOffset >= Abi.HEADER_BYTES + (long) formatCapacity * Abi.FORMAT_BYTES
                && payloadOffset >= slotsOffset + (long) slotCount * slotBytes, "has parts that overlap");
    }

    private boolean inside(long offset, long bytes) {
        return offset >= Abi.HEADER_BYTES && offset % 64 == 0 && offset <= regionBytes && bytes <= regionBytes - offset;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new RingException("this is not a sound Mimir ring: it " + what);
        }
    }

    long slot(long position) {
        return slotsOffset + (position & slotCount - 1) * slotBytes;
    }

    long payload(long position) {
        return payloadOffset + (position & slotCount - 1) * payloadStride;
    }
}
