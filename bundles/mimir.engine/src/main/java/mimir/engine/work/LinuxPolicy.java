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
import java.nio.file.Files;
import java.nio.file.Path;
import mimir.api.work.WorkClass;

/**
 * Scheduling of Linux (sched(7), setpriority(2), prctl(2)); numbers from include/uapi/linux/sched.h and prctl.h.
 * Thread-safe.
 */
final class LinuxPolicy implements ThreadPolicy {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_FIFO = 1;
    private static final int SCHED_RR = 2;
    private static final int SCHED_BATCH = 3;
    private static final int SCHED_IDLE = 5;
    private static final int SCHED_RESET_ON_FORK = 0x40000000; // threads made by a worker do not inherit its policy
    private static final long SYS_SCHED_SETATTR = "aarch64".equals(System.getProperty("os.arch")) ? 274 : 314;
    private static final int A_NICE = 16; // offsets in struct sched_attr, include/uapi/linux/sched/types.h
    private static final int A_RUNTIME = 24;
    private static final int A_BYTES = 48;
    private static final long SLICE_NS = 100_000; // the shortest there is
    private static final int PRIO_PROCESS = 0;
    private static final int PR_SET_TIMERSLACK = 29;
    private static final int NATIVE_PRIORITY = 50;
    private static final int JAVA_PRIORITY = 45; // below the capture threads, so that no reader of theirs delays them
    /** More than the JVM's notes need, and less than what malloc gives back or maps apart (128 KiB, mallopt(3)). */
    static final long PROVIDED_BYTES = 64 << 10;
    private static final int EPERM = 1;
    private static final int ESRCH = 3;
    private static final int EACCES = 13;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO = Linker.Option.captureStateLayout()
            .varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final MethodHandle MH$gettid = handle("gettid", FunctionDescriptor.of(I));
    private static final MethodHandle MH$sched_setscheduler =
            captured("sched_setscheduler", FunctionDescriptor.of(I, I, I, ValueLayout.ADDRESS));
    private static final MethodHandle MH$sched_getscheduler = handle("sched_getscheduler", FunctionDescriptor.of(I, I));
    private static final MethodHandle MH$sched_getparam =
            handle("sched_getparam", FunctionDescriptor.of(I, I, ValueLayout.ADDRESS));
    private static final MethodHandle MH$setpriority = captured("setpriority", FunctionDescriptor.of(I, I, I, I));
    private static final MethodHandle MH$getpriority = handle("getpriority", FunctionDescriptor.of(I, I, I));
    private static final MethodHandle MH$syscall = LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(L, L, L, ValueLayout.ADDRESS, I), Linker.Option.firstVariadicArg(1),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle MH$prctl =
            handle("prctl", FunctionDescriptor.of(I, I, L, L, L, L), Linker.Option.firstVariadicArg(1));

    private static final MethodHandle MH$malloc = handle("malloc", FunctionDescriptor.of(ValueLayout.ADDRESS, L));
    private static final MethodHandle MH$free = handle("free", FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));

    @Override
    public long currentThreadId() {
        return call(() -> (int) MH$gettid.invokeExact());
    }

    @Override
    public Request apply(long tid, WorkClass workClass, boolean nativeThread) {
        return switch (workClass) {
            case CRITICAL -> realtime(tid, nativeThread ? NATIVE_PRIORITY : JAVA_PRIORITY);
            case HIGH -> often(tid, -5);
            case NORMAL -> often(tid, 0);
            case LOW -> often(tid, 5);
            case IDLE -> often(tid, 10);
        };
    }

    /**
     * Never SCHED_IDLE, nor nice 19: before a collection the JVM waits until each thread that runs Java has come to a
     * safepoint, media threads with it, so that a thread which the system lets wait makes all of them wait. A short
     * slice lets it run often instead of long, and at once when it wakes beside one whose slice is longer, as the
     * JVM's compilers' are; kernels before 6.12 ignore it.
     */
    private static Request often(long tid, int nice) {
        var request = ordinary(tid, nice);
        slice(tid, niceOf(tid)); // what was granted
        return request;
    }

    private static void slice(long tid, int nice) {
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(A_BYTES, Long.BYTES);
            attributes.set(I, 0, A_BYTES);
            attributes.set(I, A_NICE, nice);
            attributes.set(L, A_RUNTIME, SLICE_NS);
            int ignoredRefusalOfAWish =
                    error(state -> (int) (long) MH$syscall.invokeExact(state, SYS_SCHED_SETATTR, tid, attributes, 0));
        }
    }

    private static Request realtime(long tid, int priority) {
        int error = scheduler(tid, SCHED_FIFO, priority);
        if (error != 0) {
            nice(tid, -15); // the next best thing, where at least that is permitted; what came of it is read back
        }
        return new Request("FIFO " + priority, refusal("sched_setscheduler(SCHED_FIFO " + priority + ")", error));
    }

    /** Only what differs is asked for: a thread starts with the policy and nice value of the one that made it. */
    private static Request ordinary(long tid, int nice) {
        int error = 0;
        if ((policy(tid) & ~SCHED_RESET_ON_FORK) != SCHED_OTHER) {
            error = scheduler(tid, SCHED_OTHER, 0);
        }
        if (error == 0 && niceOf(tid) != nice) {
            error = nice(tid, nice);
        }
        return new Request("OTHER nice " + nice, refusal("setpriority(nice " + nice + ")", error));
    }

    private static String refusal(String what, int error) {
        return switch (error) {
            case 0 -> null;
            case EPERM, EACCES -> what + " was refused with " + (error == EPERM ? "EPERM" : "EACCES")
                    + "; grant CAP_SYS_NICE or raise the limits rtprio and nice of this user";
            case ESRCH -> what + " found no such thread (ESRCH); adopt a thread while it runs";
            default -> what + " failed with error " + error + "; the thread runs as it was";
        };
    }

    @Override
    public String granted(long tid) {
        int policy = policy(tid);
        if (policy < 0 || !Files.exists(Path.of("/proc/self/task", Long.toString(tid)))) {
            return "gone"; // the system gives the numbers of threads that ended to threads of other processes
        }
        return switch (policy & ~SCHED_RESET_ON_FORK) {
            case SCHED_OTHER -> "OTHER nice " + niceOf(tid);
            case SCHED_FIFO -> "FIFO " + realtimePriority(tid);
            case SCHED_RR -> "RR " + realtimePriority(tid);
            case SCHED_BATCH -> "BATCH";
            case SCHED_IDLE -> "IDLE";
            default -> "policy " + policy;
        };
    }

    @Override
    public boolean precise() {
        return call(() -> (int) MH$prctl.invokeExact(PR_SET_TIMERSLACK, 1L, 0L, 0L, 0L)) == 0;
    }

    /** {@link #PROVIDED_BYTES}, in some tens of microseconds; nothing of it is held after. */
    @Override
    public void provide() {
        call(() -> {
            var taken = (MemorySegment) MH$malloc.invokeExact(PROVIDED_BYTES);
            if (taken.address() != 0) { // else there is none left, and whoever needs some will say so
                taken.reinterpret(PROVIDED_BYTES).fill((byte) 1);
                MH$free.invokeExact(taken);
            }
            return 0;
        });
    }

    private static int policy(long tid) {
        return call(() -> (int) MH$sched_getscheduler.invokeExact((int) tid));
    }

    private static int niceOf(long tid) {
        return call(() -> (int) MH$getpriority.invokeExact(PRIO_PROCESS, (int) tid));
    }

    private static int realtimePriority(long tid) {
        try (var arena = Arena.ofConfined()) {
            var parameter = arena.allocate(I);
            return call(() -> (int) MH$sched_getparam.invokeExact((int) tid, parameter)) == 0 ? parameter.get(I, 0) : 0;
        }
    }

    /** 0 or the error. */
    private static int scheduler(long tid, int policy, int priority) {
        try (var arena = Arena.ofConfined()) {
            var parameter = arena.allocateFrom(I, priority);
            int flags = policy | SCHED_RESET_ON_FORK;
            return error(state -> (int) MH$sched_setscheduler.invokeExact(state, (int) tid, flags, parameter));
        }
    }

    /** 0 or the error. */
    private static int nice(long tid, int value) {
        return error(state -> (int) MH$setpriority.invokeExact(state, PRIO_PROCESS, (int) tid, value));
    }

    private interface Call {
        int invoke() throws Throwable;
    }

    private interface CapturedCall {
        int invoke(MemorySegment state) throws Throwable;
    }

    private static int call(Call call) {
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
