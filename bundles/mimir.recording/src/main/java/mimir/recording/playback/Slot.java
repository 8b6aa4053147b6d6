// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One item that was decoded ahead of its time. Single-writer: the decoder fills it, then hands it to the pacer, which
 * hands it back; the counters of {@link Player} order these hand-overs.
 */
final class Slot {
    private final CRC32C crc = new CRC32C();
    private MemorySegment buffer;
    private ByteBuffer bufferBytes;
    private MemorySegment memory;
    private long offset;
    private long bytes;
    private int crcValue;
    private int height;
    private boolean corrupt;

    /** Memory of at least {@code size} bytes, made at the first call and kept; zeroed then. */
    MemorySegment buffer(long size) {
        if (buffer == null || buffer.byteSize() < size) {
            buffer = Arena.ofAuto().allocate(size, 64);
            bufferBytes = buffer.asByteBuffer();
        }
        return buffer;
    }

    /** The item is what {@link #buffer} holds. */
    void useBuffer(long size, int rows) {
        crc.reset();
        crc.update(bufferBytes.clear().limit((int) size));
        set(buffer, 0, size, rows);
    }

    /** The item is a run of an array that nobody changes any more. */
    void useArray(byte[] array, int from, int size, int rows) {
        crc.reset();
        crc.update(array, from, size);
        set(MemorySegment.ofArray(array), from, size, rows);
    }

    private void set(MemorySegment where, long from, long size, int rows) {
        memory = where;
        offset = from;
        bytes = size;
        height = rows;
        crcValue = (int) crc.getValue();
        corrupt = false;
    }

    /** The item could not be decoded; its place in time passes without it. */
    void useNothing() {
        memory = MemorySegment.NULL;
        bytes = 0;
        height = 1;
        corrupt = true;
    }

    MemorySegment memory() {
        return memory;
    }

    long offset() {
        return offset;
    }

    long bytes() {
        return bytes;
    }

    int crc32c() {
        return crcValue;
    }

    /** Rows of a picture, sample frames of a block. */
    int height() {
        return height;
    }

    boolean corrupt() {
        return corrupt;
    }
}
