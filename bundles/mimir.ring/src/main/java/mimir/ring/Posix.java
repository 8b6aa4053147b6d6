// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * The few functions of the C library that memory and waiting need; constants are those of Linux on x86-64 and aarch64
 * (include/uapi/linux). Control calls take an arena of their own and report errno; the calls of the hot path take raw
 * addresses, so that closing an arena never meets a thread inside (the caller holds the region by reference count).
 * Thread-safe.
 */
final class Posix {
    static final int PROT_NONE = 0;
    static final int PROT_READ = 1;
    static final int PROT_READ_WRITE = 3;
    static final int MAP_SHARED = 1;
    static final int MAP_PRIVATE = 2;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_NORESERVE = 0x4000;
    static final int MADV_HUGEPAGE = 14;
    static final int MADV_POPULATE_WRITE = 23;
    static final int MADV_COLLAPSE = 25;
    static final int ENOSPC = 28;

    private static final int MFD_CLOEXEC_AND_ALLOW_SEALING = 3;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int SEAL_SHRINK = 2;
    private static final int SEAL_SEAL_SHRINK_GROW = 7;
    private static final int O_RDWR_CREAT_EXCL_CLOEXEC = 0x02 | 0x40 | 0x80 | 0x80000;
    private static final int O_RDWR = 0x02;
    private static final int O_NOCTTY_NONBLOCK_CLOEXEC = 0x100 | 0x800 | 0x80000;
    private static final int LOCK_SHARED_NOW = 1 | 4;
    private static final int LOCK_EXCLUSIVE_NOW = 2 | 4;
    private static final int SEEK_END = 2;
    private static final long SYS_PIDFD_OPEN = 434;
    private static final long SYS_FUTEX = "aarch64".equals(System.getProperty("os.arch")) ? 98 : 202;
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int FUTEX_PRIVATE = 128;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE = ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final AddressLayout P = ValueLayout.ADDRESS;

    private static final MethodHandle MH$mmap = captured("mmap", FunctionDescriptor.of(L, L, L, I, I, I, L));
    private static final MethodHandle MH$munmap = captured("munmap", FunctionDescriptor.of(I, L, L));
    private static final MethodHandle MH$madvise = captured("madvise", FunctionDescriptor.of(I, L, L, I));
    private static final MethodHandle MH$memfd_create = captured("memfd_create", FunctionDescriptor.of(I, P, I));
    private static final MethodHandle MH$open = captured("open", FunctionDescriptor.of(I, P, I, I),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle MH$ftruncate = captured("ftruncate", FunctionDescriptor.of(I, I, L));
    private static final MethodHandle MH$fcntl = captured("fcntl", FunctionDescriptor.of(I, I, I, I),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle MH$posix_fallocate = plain("posix_fallocate", FunctionDescriptor.of(I, I, L, L));
    private static final MethodHandle MH$close = plain("close", FunctionDescriptor.of(I, I));
    private static final MethodHandle MH$lseek = plain("lseek", FunctionDescriptor.of(L, I, L, I));
    private static final MethodHandle MH$flock = captured("flock", FunctionDescriptor.of(I, I, I));
    private static final MethodHandle MH$poll = plain("poll", FunctionDescriptor.of(I, L, L, I));
    private static final MethodHandle MH$syscall = plain("syscall", FunctionDescriptor.of(L, L, L, I, I, L, L, I),
            Linker.Option.firstVariadicArg(1));
    private static final MethodHandle MH$memcpy = plain("memcpy", FunctionDescriptor.ofVoid(L, L, L, P, P));
    private static final MethodHandle MH$clock_gettime = plain("clock_gettime", FunctionDescriptor.of(I, I, L),
            Linker.Option.critical(false));

    private Posix() {
    }

    /** Result of a control call: the value, and errno when the value says failure. */
    record Result(long value, int errno) {
        boolean failed() {
            return value == -1;
        }
    }

    static Result mmap(long address, long bytes, int protection, int flags, int fd) {
        return call(state -> (long) MH$mmap.invokeExact(state, address, bytes, protection, flags, fd, 0L));
    }

    static Result munmap(long address, long bytes) {
        return call(state -> (int) MH$munmap.invokeExact(state, address, bytes));
    }

    static Result madvise(long address, long bytes, int advice) {
        return call(state -> (int) MH$madvise.invokeExact(state, address, bytes, advice));
    }

    static Result memfd(String name) {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocateFrom(name);
            return call(state -> (int) MH$memfd_create.invokeExact(state, text, MFD_CLOEXEC_AND_ALLOW_SEALING));
        }
    }

    /** Creates a file that must not exist, mode 0600. */
    static Result createFile(String path) {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocateFrom(path);
            return call(state -> (int) MH$open.invokeExact(state, text, O_RDWR_CREAT_EXCL_CLOEXEC, 0600));
        }
    }

    /**
     * Opens what exists, for reading or for both. Never waits for the other end of whatever it may turn out to be, and
     * never takes it as a terminal.
     */
    static Result openExisting(String path, boolean writing) {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocateFrom(path);
            int flags = O_NOCTTY_NONBLOCK_CLOEXEC | (writing ? O_RDWR : 0);
            return call(state -> (int) MH$open.invokeExact(state, text, flags, 0));
        }
    }

    /** Takes the lock that tells others that somebody uses this file; the system drops it when the process ends. */
    static Result lockShared(int fd) {
        return call(state -> (int) MH$flock.invokeExact(state, fd, LOCK_SHARED_NOW));
    }

    /** True when nobody else holds that lock. */
    static boolean unused(int fd) {
        return !call(state -> (int) MH$flock.invokeExact(state, fd, LOCK_EXCLUSIVE_NOW)).failed();
    }

    static Result ftruncate(int fd, long bytes) {
        return call(state -> (int) MH$ftruncate.invokeExact(state, fd, bytes));
    }

    static Result sealSize(int fd) {
        return call(state -> (int) MH$fcntl.invokeExact(state, fd, F_ADD_SEALS, SEAL_SEAL_SHRINK_GROW));
    }

    /** True when nobody can make this file shorter any more; false for files that know no seals. */
    static boolean isSealed(int fd) {
        var seals = call(state -> (int) MH$fcntl.invokeExact(state, fd, F_GET_SEALS, 0));
        return !seals.failed() && (seals.value() & SEAL_SHRINK) != 0;
    }

    /** Reserves file space; returns 0 or the error number itself (posix_fallocate does not use errno). */
    static int reserve(int fd, long bytes) {
        try {
            return (int) MH$posix_fallocate.invokeExact(fd, 0L, bytes);
        } catch (Throwable failure) {
            throw unexpected("posix_fallocate", failure);
        }
    }

    static void close(int fd) {
        try {
            int ignoredAsFinal = (int) MH$close.invokeExact(fd);
        } catch (Throwable failure) {
            throw unexpected("close", failure);
        }
    }

    /**
     * Length of an open file in bytes, -1 when it cannot be told. A true system call: pending page faults are delivered
     * on its way out.
     */
    static long size(int fd) {
        try {
            return (long) MH$lseek.invokeExact(fd, 0L, SEEK_END);
        } catch (Throwable failure) {
            throw unexpected("lseek", failure);
        }
    }

    /**
     * Sleeps while the word equals {@code expected}, at most as long as the timespec says. Spurious returns are normal.
     */
    static void futexWait(long address, int expected, long timespecAddress) {
        wait(FUTEX_WAIT, address, expected, timespecAddress);
    }

    /** The same, to be woken by {@link #futexWakeNear} only. */
    static void futexWaitNear(long address, int expected, long timespecAddress) {
        wait(FUTEX_WAIT | FUTEX_PRIVATE, address, expected, timespecAddress);
    }

    private static void wait(int how, long address, int expected, long timespecAddress) {
        try {
            long ignoredCallerLooksAgain =
                    (long) MH$syscall.invokeExact(SYS_FUTEX, address, how, expected, timespecAddress, 0L, 0);
        } catch (Throwable failure) {
            throw unexpected("futex wait", failure);
        }
    }

    static void futexWakeAll(long address) {
        wake(FUTEX_WAKE, address);
    }

    /** Wakes those of this process that sleep by {@link #futexWaitNear}. */
    static void futexWakeNear(long address) {
        wake(FUTEX_WAKE | FUTEX_PRIVATE, address);
    }

    private static void wake(int how, long address) {
        try {
            long ignoredNumberOfSleepers = (long) MH$syscall.invokeExact(SYS_FUTEX, address, how,
                    Integer.MAX_VALUE, 0L, 0L, 0);
        } catch (Throwable failure) {
            throw unexpected("futex wake", failure);
        }
    }

    /** A handle on a running process, or a negative number (none has that pid, or a kernel before 5.3). */
    static int pidfdOpen(long pid) {
        try {
            return (int) (long) MH$syscall.invokeExact(SYS_PIDFD_OPEN, pid, 0, 0, 0L, 0L, 0);
        } catch (Throwable failure) {
            throw unexpected("pidfd_open", failure);
        }
    }

    /** Asks one struct pollfd without waiting: true when what it asks for is there. */
    static boolean pollNow(long pollfdAddress) {
        try {
            return (int) MH$poll.invokeExact(pollfdAddress, 1L, 0) > 0;
        } catch (Throwable failure) {
            throw unexpected("poll", failure);
        }
    }

    /**
     * Not for memory that somebody can cut: a missing page would end the process. The last two arguments are none of
     * memcpy's, which does not look at them: the JVM keeps the memory of both until the call returns. Slices as the
     * first two would do so as well, but are made anew for each item.
     */
    static void memcpy(MemorySegment target, long targetOffset, MemorySegment source, long sourceOffset, long bytes) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("the memory to copy to is not to be written");
        }
        Objects.checkFromIndexSize(targetOffset, bytes, target.byteSize());
        Objects.checkFromIndexSize(sourceOffset, bytes, source.byteSize());
        try {
            MH$memcpy.invokeExact(target.address() + targetOffset, source.address() + sourceOffset, bytes, target,
                    source);
        } catch (Throwable failure) {
            throw unexpected("memcpy", failure);
        }
    }

    static void clock(int clock, long timespecAddress) {
        try {
            int ignoredAlwaysZero = (int) MH$clock_gettime.invokeExact(clock, timespecAddress);
        } catch (Throwable failure) {
            throw unexpected("clock_gettime", failure);
        }
    }

    private interface Invocation {
        long on(MemorySegment state) throws Throwable;
    }

    private static Result call(Invocation invocation) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(ERRNO);
            long value = invocation.on(state);
            return new Result(value, value == -1 ? (int) ERRNO_VALUE.get(state, 0L) : 0);
        } catch (Throwable failure) {
            throw unexpected("system call", failure);
        }
    }

    private static MethodHandle plain(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    private static MethodHandle captured(String name, FunctionDescriptor type, Linker.Option... options) {
        var all = new Linker.Option[options.length + 1];
        System.arraycopy(options, 0, all, 0, options.length);
        all[options.length] = Linker.Option.captureCallState("errno");
        return plain(name, type, all);
    }

    private static RuntimeException unexpected(String function, Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(function + " could not be called through the foreign function interface",
                failure);
    }
}
