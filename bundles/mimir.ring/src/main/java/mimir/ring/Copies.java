// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

/**
 * The only place in the platform where payload is copied in bulk; every caller counts what it copied. A scan of the
 * built classes forbids bulk copies elsewhere in media code. Thread-safe.
 */
final class Copies {
    /** From here on the C library is the faster one: it writes lines whole, the JVM fetches each of them first. */
    static final long BULK = 64L << 10;

    private Copies() {
    }

    static void copy(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, long bytes) {
        MemorySegment.copy(source, sourceOffset, target, targetOffset, bytes);
    }

    /**
     * Between memory of the system that nobody can cut: the JVM survives a missing page in a copy of its own, not in
     * one of the C library.
     */
    static void copyWhole(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset,
            long bytes) {
        if (bytes < BULK) {
            copy(source, sourceOffset, target, targetOffset, bytes);
        } else {
            copyByLibrary(source, sourceOffset, target, targetOffset, bytes);
        }
    }

    /** The same by the C library, whatever its size: a part of what is large. */
    static void copyByLibrary(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset,
            long bytes) {
        Posix.memcpy(target, targetOffset, source, sourceOffset, bytes);
    }

    /** Words of an array that has just been written: a copy of its bytes would wait until they are in the cache. */
    static void copy(long[] source, int from, MemorySegment target, long targetOffset, int words) {
        MemorySegment.copy(source, from, target, Abi.LE_LONG, targetOffset, words);
    }

    static void copy(MemorySegment source, long sourceOffset, long[] target, int words) {
        MemorySegment.copy(source, Abi.LE_LONG, sourceOffset, target, 0, words);
    }

    static void copy(long[] source, int from, long[] target, int words) {
        System.arraycopy(source, from, target, 0, words);
    }
}
