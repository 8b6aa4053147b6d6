// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** {@code mallinfo2} of the GNU C library: memory that malloc has given out and not taken back. Thread-safe. */
final class Malloc {
    private static final MemoryLayout INFO = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG).withName("words"));
    private static final long MAPPED = 4 * 8; // hblkhd: given out by mappings of their own
    private static final long USED = 7 * 8;   // uordblks: given out of arenas
    private static final MethodHandle MALLINFO2 = find();

    private Malloc() {
    }

    private static MethodHandle find() {
        var linker = Linker.nativeLinker();
        return linker.defaultLookup().find("mallinfo2")
                .map(function -> linker.downcallHandle(function, FunctionDescriptor.of(INFO))).orElse(null);
    }

    /** Bytes given out now; 0 where the C library does not tell. */
    static long bytes() {
        if (MALLINFO2 == null) {
            return 0;
        }
        try (var arena = Arena.ofConfined()) {
            var info = (MemorySegment) MALLINFO2.invokeExact((SegmentAllocator) arena);
            return info.get(ValueLayout.JAVA_LONG, MAPPED) + info.get(ValueLayout.JAVA_LONG, USED);
        } catch (Throwable impossible) {
            throw new IllegalStateException("mallinfo2 takes nothing and throws nothing", impossible);
        }
    }
}
