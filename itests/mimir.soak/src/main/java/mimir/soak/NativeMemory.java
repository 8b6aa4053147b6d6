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
    private static final Pattern CODE = Pattern.compile("(?m)^- +Code \\(reserved=\\d+KB, committed=(\\d+)KB\\)");
    private static final Pattern GIVEN = Pattern.compile("\\((?:malloc|arena)=(\\d+)KB");
    private static final int LOOKS = 15;
    private static final long BETWEEN_NS = 10_000_000;

    private final MethodHandle mallinfo = mallinfo();

    private static MethodHandle mallinfo() {
        var linker = Linker.nativeLinker();
        return linker.defaultLookup().find("mallinfo2").map(at -> linker.downcallHandle(at,
                FunctionDescriptor.of(MALLINFO_STRUCT))).orElse(null);
    }

    /** The middle of some looks: a compilation may begin between the two that are subtracted. 0 without mallinfo2. */
    long withoutCompilerBytes() {
        return mallinfo == null ? 0 : LongStream.range(0, LOOKS).map(look -> {
            LockSupport.parkNanos(BETWEEN_NS);
            return givenBytes() - compilerBytes(told());
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

    /** Compiled code and what is known of it. */
    long codeBytes() {
        return codeBytes(told());
    }

    /** Of what the command {@code VM.native_memory summary scale=KB} prints. */
    static long codeBytes(String told) {
        var code = CODE.matcher(told);
        return code.find() ? Long.parseLong(code.group(1)) << 10 : 0;
    }

    /** Of what the command {@code VM.native_memory summary scale=KB} prints. */
    static long compilerBytes(String told) {
        return COMPILERS.matcher(told).results().flatMap(part -> GIVEN.matcher(part.group()).results())
                .mapToLong(given -> Long.parseLong(given.group(1)) << 10).sum();
    }
}
