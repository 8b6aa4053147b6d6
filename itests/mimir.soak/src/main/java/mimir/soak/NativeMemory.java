// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the JVM's compilers have, and what malloc has given out without that: compiled methods, which grow for as long
 * as methods become hot, and the notes of a compilation, up to 20 MB that the JVM gives back some seconds after it.
 * Both come with the JVM's warm-up and not with a swap. The JVM tells them where it runs with
 * {@code -XX:NativeMemoryTracking=summary}; elsewhere they are counted in. Confined to the thread of a proof.
 */
final class NativeMemory {
    private static final MemoryLayout MALLINFO = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
    private static final MemoryLayout MALLINFO_STRUCT = MemoryLayout.structLayout(MALLINFO);
    private static final int MAPPED_BYTES = 4; // hblkhd: what malloc has mapped apart
    private static final int USED_BYTES = 7;   // uordblks: what it has given out
    private static final Pattern COMPILERS = Pattern.compile(
            "(?m)^- +(?:Code|Compiler|Arena Chunk) \\(.*\\n(?: +\\(.*\\n)*");
    private static final Pattern COMMITTED = Pattern.compile("committed=(\\d+)KB\\)\\n");
    private static final Pattern GIVEN = Pattern.compile("\\((?:malloc|arena)=(\\d+)KB");
    private static final int LOOKS = 15;
    private static final long BETWEEN_NS = 10_000_000;

    private final MethodHandle mallinfo = handle("mallinfo2", FunctionDescriptor.of(MALLINFO_STRUCT));
    private final MethodHandle mallocTrim =
            handle("malloc_trim", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    private static MethodHandle handle(String name, FunctionDescriptor shape) {
        var linker = Linker.nativeLinker();
        return linker.defaultLookup().find(name).map(at -> linker.downcallHandle(at, shape)).orElse(null);
    }

    /** The middle of some looks: a compilation may begin between the two that are subtracted. 0 without mallinfo2. */
    long withoutCompilersBytes() {
        return mallinfo == null ? 0 : LongStream.range(0, LOOKS).map(look -> {
            LockSupport.parkNanos(BETWEEN_NS);
            return givenBytes() - givenToCompilersBytes(told());
        }).sorted().skip(LOOKS / 2).findFirst().orElseThrow();
    }

    private long givenBytes() {
        try (var call = Arena.ofConfined()) {
            var told = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) call);
            return told.getAtIndex(ValueLayout.JAVA_LONG, USED_BYTES)
                    + told.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("malloc does not tell what it has given out", unexpected);
        }
    }

    private static String told() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmNativeMemory",
                    new Object[] {new String[] {"summary", "scale=KB"}}, new String[] {String[].class.getName()});
        } catch (JMException unexpected) {
            throw new IllegalStateException("the JVM does not tell what its native memory is for", unexpected);
        }
    }

    /** Gives back to the system what malloc holds and nobody uses: peaks of compilations, most of all. */
    void trim() {
        try {
            if (mallocTrim != null) {
                int ignoredWhetherAnyWas = (int) mallocTrim.invokeExact(0L);
            }
        } catch (Throwable unexpected) {
            throw new IllegalStateException("malloc does not give back what it holds", unexpected);
        }
    }

    /** What the compilers have altogether: code, what is known of it, and notes. */
    long compilersBytes() {
        return compilersBytes(told());
    }

    /** Of what the command {@code VM.native_memory summary scale=KB} prints. */
    static long compilersBytes(String told) {
        return kilobytes(told, COMMITTED) << 10;
    }

    /** What of that is malloc's. */
    static long givenToCompilersBytes(String told) {
        return kilobytes(told, GIVEN) << 10;
    }

    private static long kilobytes(String told, Pattern number) {
        return COMPILERS.matcher(told).results().flatMap(part -> number.matcher(part.group()).results())
                .mapToLong(found -> Long.parseLong(found.group(1))).sum();
    }
}
