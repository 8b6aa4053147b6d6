// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ingest;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import mimir.bench.NativeCode;

/** What Java has not. Immutable. */
final class Calls {
    private static final MethodHandle COPY = NativeCode.function("bench_copy",
            FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle FAULTS = NativeCode.function("bench_faults", FunctionDescriptor.of(JAVA_LONG));

    private Calls() {
    }

    /** memcpy of the C library. */
    static void copy(long to, long from, long bytes) {
        try {
            COPY.invokeExact(to, from, bytes);
        } catch (Throwable e) {
            throw new IllegalStateException("memcpy could not be called", e);
        }
    }

    /** Minor page faults of the calling thread so far. */
    static long faults() {
        try {
            return (long) FAULTS.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("the system does not say how many pages were missing", e);
        }
    }
}
