// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C of slots, with buffers made once per region, at the first use: most readers never ask, and what lies outside
 * of the heap stays until a collection, which nothing but the heap brings about. Payload in a file that somebody may
 * cut is checked through a small scratch, because the JVM survives a page fault in its copy routine but not in its
 * checksum stub. Confined to the reader's thread.
 */
final class PayloadChecksum {
    private static final int SCRATCH_BYTES = 1 << 16;
    private static final int PART_BYTES = 1 << 17; // stays in the second cache; smaller ones take a tenth longer

    private final CRC32C crc = new CRC32C();
    private MemorySegment scratch; // null before it is needed
    private ByteBuffer scratchBuffer;
    private Region region;
    private ByteBuffer[] parts = {}; // of as many slots each as a buffer can hold: a deep ring has a million
    private int slotsPerPart;        // a power of two

    /** True for memory that the JVM may look at where it is. */
    static boolean inPlace(Region region) {
        return !region.truncatable() && region.geometry.payloadStride() <= Integer.MAX_VALUE;
    }

    int of(Region from, long position, long bytes) {
        crc.reset();
        if (inPlace(from)) {
            crc.update(payload(from, position, 0, (int) bytes));
        } else {
            throughScratch(from.memory, from.geometry.payload(position), bytes);
        }
        return (int) crc.getValue();
    }

    /** Of a slot that may be looked at {@link #inPlace}, and copies it: what is tested comes out of memory once. */
    int copying(Region from, long position, long bytes, MemorySegment target, long targetOffset) {
        crc.reset();
        long at = from.geometry.payload(position);
        for (long done = 0; done < bytes; done += PART_BYTES) {
            int part = (int) Math.min(PART_BYTES, bytes - done);
            crc.update(payload(from, position, (int) done, part));
            Copies.copyByLibrary(from.memory, at + done, target, targetOffset + done, part);
        }
        return (int) crc.getValue();
    }

    /** Of bytes that nobody changes meanwhile. */
    int of(MemorySegment memory, long offset, long bytes) {
        crc.reset();
        throughScratch(memory, offset, bytes);
        return (int) crc.getValue();
    }

    private ByteBuffer payload(Region from, long position, int offset, int bytes) {
        if (region != from) {
            region = from;
            divide(from);
        }
        int slot = (int) (position & from.geometry.slotCount() - 1);
        int at = (slot & slotsPerPart - 1) * (int) from.geometry.payloadStride() + offset;
        return parts[slot / slotsPerPart].limit(at + bytes).position(at);
    }

    private void divide(Region of) {
        var geometry = of.geometry;
        long most = Integer.MAX_VALUE / Math.max(1, geometry.payloadStride());
        slotsPerPart = Integer.highestOneBit((int) Math.min(geometry.slotCount(), most));
        parts = new ByteBuffer[geometry.slotCount() / slotsPerPart];
        for (int part = 0; part < parts.length; part++) {
            long from = geometry.payload((long) part * slotsPerPart);
            parts[part] = of.memory.asSlice(from, slotsPerPart * geometry.payloadStride()).asByteBuffer();
        }
    }

    private void throughScratch(MemorySegment from, long offset, long bytes) {
        if (scratch == null) {
            scratch = Arena.ofAuto().allocate(SCRATCH_BYTES, 64);
            scratchBuffer = scratch.asByteBuffer();
        }
        for (long done = 0; done < bytes; done += SCRATCH_BYTES) {
            int part = (int) Math.min(SCRATCH_BYTES, bytes - done);
            Copies.copy(from, offset + done, scratch, 0, part);
            scratchBuffer.position(0).limit(part);
            crc.update(scratchBuffer);
        }
    }
}
