// SPDX-License-Identifier: Apache-2.0
package mimir.bench.calls;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mimir.bench.NativeCode;
import mimir.ring.HostClock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Calls that leave Java. Confined. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Crossing {
    private static final MethodHandle NOTHING = NativeCode.function("bench_nothing", FunctionDescriptor.ofVoid());
    private static final MethodHandle CRITICAL = NativeCode.function("bench_nothing", FunctionDescriptor.ofVoid(),
            Linker.Option.critical(false));

    /** An empty function in C. */
    @Benchmark
    public void call() throws Throwable {
        NOTHING.invokeExact();
    }

    /** The same without a change of the thread's state. */
    @Benchmark
    public void criticalCall() throws Throwable {
        CRITICAL.invokeExact();
    }

    /** A look at the host clock. */
    @Benchmark
    public long hostClock() {
        return HostClock.nowNs();
    }

    /** A thread that is awake is told to be awake. */
    @Benchmark
    public void unparkAwake() {
        LockSupport.unpark(Thread.currentThread());
    }
}
