// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import mimir.api.work.WorkClass;

/**
 * Scheduling of Linux (sched(7), setpriority(2), prctl(2)); numbers from include/uapi/linux/sched.h and prctl.h. Thread-safe.
 */
final class LinuxPolicy implements ThreadPolicy {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_IDLE = 5;
    private static final int SCHED_RESET_ON_FORK = 0x40000000;
    private static final int PRIO_PROCESS = 0;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int NATIVE_PRIORITY = 50;
    private static final int JAVA_PRIORITY = 45; // below the capture threads, so that no reader of theirs delays them

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final MethodHandle MH$gettid = handle("gettid", FunctionDescriptor.of(I));
    private static final MethodHandle MH$sched_setscheduler =
            captured("sched_setscheduler", FunctionDescriptor.of(I, I, I, ValueLayout.ADDRESS));
    private static final MethodHandle MH$sched_getscheduler = handle("sched_getscheduler", FunctionDescriptor.of(I, I));
    private static final MethodHandle MH$sched_getparam = handle("sched_getparam", FunctionDescriptor.of(I, I, ValueLayout.ADDRESS));
    private static final MethodHandle MH$setpriority = captured("setpriority", FunctionDescriptor.of(I, I, I, I));
    private static final MethodHandle MH$getpriority = handle("getpriority", FunctionDescriptor.of(I, I, I));
    private static final MethodHandle MH$prctl =
            handle("prctl", FunctionDescriptor.of(I, I, L, L, L, L), Linker.Option.firstVariadicArg(1));

    @Override
    public long currentThreadId() {
        return call(() -> (int) MH$gettid.invokeExact());
    }

    @Override
    public Request apply(long tid, WorkClass workClass, boolean nativeThread) {
        int priority = nativeThread ? NATIVE_PRIORITY : JAVA_PRIORITY;
        return switch (workClass) {
            case CRITICAL -> {
                int error = scheduler(tid, SCHED_FIFO, priority);
                if (error != 0) {
                    nice(tid, -15); // the next best thing, where at least that is permitted
                }
                yield new Request("FIFO " + priority, refusal("SCHED_FIFO", error));
            }
            case HIGH -> new Request("OTHER nice -5", refusal("nice -5", nice(tid, -5)));
            case NORMAL -> new Request("OTHER nice 0", null);
            case LOW -> new Request("OTHER nice 10", refusal("nice 10", nice(tid, 10)));
            case IDLE -> new Request("IDLE", refusal("SCHED_IDLE", scheduler(tid, SCHED_IDLE, 0)));
        };
    }

    private static String refusal(String what, int error) {
        return error == 0 ? null : what + " was refused (error " + error + ")"
                + (error == 1 ? ": grant CAP_SYS_NICE or raise the rtprio and nice limits of this user" : "");
    }

    @Override
    public String granted(long tid) {
        int policy = (int) call(() -> (int) MH$sched_getscheduler.invokeExact((int) tid));
        if (policy < 0) {
            return "gone";
        }
        return switch (policy & ~SCHED_RESET_ON_FORK) {
            case SCHED_OTHER -> "OTHER nice " + call(() -> (int) MH$getpriority.invokeExact(PRIO_PROCESS, (int) tid));
            case SCHED_FIFO -> "FIFO " + realtimePriority(tid);
            case 2 -> "RR " + realtimePriority(tid);
            case 3 -> "BATCH";
            case SCHED_IDLE -> "IDLE";
            default -> "policy " + policy;
        };
    }

    private static long realtimePriority(long tid) {
        try (var arena = Arena.ofConfined()) {
            var parameter = arena.allocate(I);
            long ignoredThreadMayHaveGone = call(() -> (int) MH$sched_getparam.invokeExact((int) tid, parameter));
            return parameter.get(I, 0);
        }
    }

    @Override
    public void precise() {
        long ignoredPrecisionIsAWish = call(() -> (int) MH$prctl.invokeExact(PR_SET_TIMERSLACK, 1L, 0L, 0L, 0L));
    }

    private static int scheduler(long tid, int policy, int priority) {
        try (var arena = Arena.ofConfined()) {
            var parameter = arena.allocateFrom(I, priority);
            return error(state -> (int) MH$sched_setscheduler.invokeExact(state, (int) tid, policy | SCHED_RESET_ON_FORK, parameter));
        }
    }

    private static int nice(long tid, int value) {
        return error(state -> (int) MH$setpriority.invokeExact(state, PRIO_PROCESS, (int) tid, value));
    }

    private interface Call {
        long invoke() throws Throwable;
    }

    private interface CapturedCall {
        int invoke(MemorySegment state) throws Throwable;
    }

    private static long call(Call call) {
        try {
            return call.invoke();
        } catch (Throwable failure) {
            throw new IllegalStateException("a scheduling function of the system could not be called", failure);
        }
    }

    private static int error(CapturedCall call) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Linker.Option.captureStateLayout());
            return call(() -> call.invoke(state)) == 0 ? 0 : (int) ERRNO.get(state, 0L);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    private static MethodHandle captured(String name, FunctionDescriptor type) {
        return handle(name, type, Linker.Option.captureCallState("errno"));
    }
}
