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
    private ByteBuffer[] slots = {};

    /** True for memory that the JVM may look at where it is. */
    static boolean inPlace(Region region) {
        return !region.truncatable() && region.geometry.payloadStride() <= Integer.MAX_VALUE;
    }

    int of(Region from, long position, long bytes) {
        crc.reset();
        if (!inPlace(from)) {
            throughScratch(from.memory, from.geometry.payload(position), bytes);
        } else {
            var slot = slot(from, position);
            slot.position(0).limit((int) bytes);
            crc.update(slot);
        }
        return (int) crc.getValue();
    }

    /** Of a slot that may be looked at {@link #inPlace}, and copies it: what is tested comes out of memory once. */
    int copying(Region from, long position, long bytes, MemorySegment target, long targetOffset) {
        crc.reset();
        var slot = slot(from, position);
        long at = from.geometry.payload(position);
        for (long done = 0; done < bytes; done += PART_BYTES) {
            int part = (int) Math.min(PART_BYTES, bytes - done);
            slot.limit((int) done + part).position((int) done);
            crc.update(slot);
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

    private ByteBuffer slot(Region from, long position) {
        if (region != from) {
            region = from;
            slots = buffers(from);
        }
        return slots[(int) (position & slots.length - 1)];
    }

    private static ByteBuffer[] buffers(Region region) {
        var geometry = region.geometry;
        var buffers = new ByteBuffer[geometry.slotCount()];
        for (int slot = 0; slot < buffers.length; slot++) {
            buffers[slot] = region.memory.asSlice(geometry.payload(slot), geometry.payloadStride()).asByteBuffer();
        }
        return buffers;
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
