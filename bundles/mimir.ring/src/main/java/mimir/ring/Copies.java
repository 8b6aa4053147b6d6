// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

/**
 * The only place in the platform where payload is copied in bulk; every caller counts what it copied. A scan of the
 * built classes forbids bulk copies elsewhere in media code. Thread-safe.
 */
final class Copies {
    private Copies() {
    }

    static void copy(MemorySegment source, long sourceOffset, MemorySegment target, long targetOffset, long bytes) {
        MemorySegment.copy(source, sourceOffset, target, targetOffset, bytes);
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
