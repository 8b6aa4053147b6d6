// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory mapped from the system for payload: aligned to 2 MiB, huge pages advised before the first touch (lazily
 * touched 4 KiB pages make the first copy of a frame ten times as dear: performance notes in docs/realtime.md). The
 * creator owns it and closes it. Thread-safe; access after close throws {@link IllegalStateException}.
 */
public final class MappedMemory implements AutoCloseable {
    static final long HUGE_PAGE = 2L << 20;
    private static final long PAGE = 4096;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;

    private MappedMemory(long bytes, int protection, int flags, int fd) {
        long address = reserveAligned(bytes);
        var mapped = Posix.mmap(address, bytes, protection, flags | Posix.MAP_FIXED, fd);
        if (mapped.failed()) {
            Posix.munmap(address, bytes);
            throw new RingException("the system refused " + Bytes.text(bytes) + " of memory (mmap, error "
                    + mapped.errno()
                    + "); free memory or ask for less");
        }
        var mappedSegment = MemorySegment.ofAddress(address).reinterpret(bytes, arena, memory ->
                giveBack(memory.address(), bytes));
        segment = protection == Posix.PROT_READ ? mappedSegment.asReadOnly() : mappedSegment;
        Posix.madvise(address, bytes, Posix.MADV_HUGEPAGE); // advice only: a kernel without huge pages still works
    }

    /**
     * Anonymous memory of this process, filled with zeroes at the first touch. Any thread; blocks for a system call.
     *
     * @throws RingException when the system has no room
     */
    public static MappedMemory anonymous(long bytes) {
        return new MappedMemory(bytes, Posix.PROT_READ_WRITE,
                Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS | Posix.MAP_NORESERVE, -1);
    }

    static MappedMemory shared(long bytes, int fd) {
        return new MappedMemory(bytes, Posix.PROT_READ_WRITE, Posix.MAP_SHARED, fd);
    }

    /** Somebody else's memory: the system itself refuses every write to it. */
    static MappedMemory sharedReadOnly(long bytes, int fd) {
        return new MappedMemory(bytes, Posix.PROT_READ, Posix.MAP_SHARED, fd);
    }

    /** Zeroes from now on, in the place of a file that was cut: its readers find no pages, but no faults either. */
    void blank() {
        Posix.mmap(segment.address(), segment.byteSize(), Posix.PROT_READ,
                Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS | Posix.MAP_NORESERVE | Posix.MAP_FIXED, -1);
    }

    /** The whole memory, readable and writable, until {@link #close}. */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Makes the pages of a range present so that no later access faults. One huge page at a time: the system holds the
     * address space of the process meanwhile, and whoever maps, unmaps or allocates waits, media threads among them.
     * Control thread; blocks (0.2 to 1.2 s per GiB: the host of a virtual machine may have to find them).
     *
     * @param offset bytes, multiple of 4,096
     * @param bytes length of the range
     * @throws RingException when the system cannot supply the pages
     */
    public void populate(long offset, long bytes) {
        long address = segment.asSlice(offset, bytes).address();
        long end = address + bytes;
        for (long at = address; at < end; at = (at & -HUGE_PAGE) + HUGE_PAGE) {
            long step = Math.min(end, (at & -HUGE_PAGE) + HUGE_PAGE) - at;
            var result = Posix.madvise(at, step, Posix.MADV_POPULATE_WRITE);
            // EINVAL: a kernel before 5.14; pages then come at the first touch
            if (result.failed() && result.errno() != 22) {
                throw new RingException("the system could not supply " + Bytes.text(bytes) + " of memory (error "
                        + result.errno()
                        + "); free memory or give the ring or reservoir less");
            }
        }
    }

    /**
     * {@link #populate} with huge pages wherever a whole one fits. Shared memory gets none at the first touch unless
     * the system is set so, whatever was advised, and three readers of frames read a fifth slower in small ones. A
     * system that has none, or no room for them, makes small ones. Control thread; blocks as long as that.
     *
     * @param offset bytes, multiple of 2 MiB
     */
    void populateLarge(long offset, long bytes) {
        for (long at = offset; at + HUGE_PAGE <= offset + bytes; at += HUGE_PAGE) {
            populate(at, PAGE); // the system makes one page of many, but not of none
        }
        Posix.madvise(segment.address() + offset, bytes, Posix.MADV_COLLAPSE);
        populate(offset, bytes);
    }

    /**
     * Gives the memory back. Waits for nobody: accesses that come later throw. Blocks (about 0.1 s per GiB of small
     * pages).
     */
    @Override
    public void close() {
        arena.close();
    }

    /** One huge page at a time, as they came: see {@link #populate}. */
    private static void giveBack(long address, long bytes) {
        for (long at = 0; at < bytes; at += HUGE_PAGE) {
            Posix.munmap(address + at, Math.min(HUGE_PAGE, bytes - at));
        }
    }

    private static long reserveAligned(long bytes) {
        long all = bytes + HUGE_PAGE;
        var reserved = Posix.mmap(0, all, Posix.PROT_NONE,
                Posix.MAP_PRIVATE | Posix.MAP_ANONYMOUS | Posix.MAP_NORESERVE, -1);
        if (reserved.failed()) {
            throw new RingException("no " + Bytes.text(bytes) + " of address space left (mmap, error "
                    + reserved.errno() + ")");
        }
        long start = (reserved.value() + HUGE_PAGE - 1) & -HUGE_PAGE;
        long end = (start + bytes + 4095) & -4096L;
        if (start > reserved.value()) {
            Posix.munmap(reserved.value(), start - reserved.value());
        }
        if (reserved.value() + all > end) {
            Posix.munmap(end, (reserved.value() + all - end) & -4096L);
        }
        return start;
    }
}
