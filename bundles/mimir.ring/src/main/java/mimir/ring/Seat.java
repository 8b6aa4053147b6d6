// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The seat of one LOSSLESS reader in the hints page: it tells the writer which item is the next that the reader has not
 * read. A writer that waited a second for it takes the seat away; the reader learns that when it next moves, and reads
 * on without one. Its token is the process in the upper half, a number in the lower; negative once evicted. Confined to
 * the reader's thread; {@link #take} allocates, nothing else does.
 */
final class Seat {
    static final long FREE = 0;

    private static final long PID = ProcessHandle.current().pid();
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final int STEPS_PER_LAP = 8; // telling costs a fence: not at every item

    private final long token;
    private Region region;
    private MemorySegment hints;
    private long place = -1;
    private long told;
    private long step;

    private Seat() {
        token = PID << 32 | NUMBERS.incrementAndGet() & 0xFFFF_FFFFL;
    }

    /** For a reader of this region, which must be one of events. */
    static Seat in(Region region, String identity) {
        if (Abi.getInt(region.memory, Abi.H_ITEM_KIND) != Abi.ITEM_EVENT) {
            throw new IllegalArgumentException("LOSSLESS makes a writer wait, which the device behind " + identity
                    + " cannot; read it with EVERY");
        }
        return new Seat();
    }

    static long evicted(long token) {
        return token | Long.MIN_VALUE;
    }

    /** True when the process that took the seat is gone. Asks the system; not for hot paths. */
    static boolean isDead(long token) {
        long pid = (token & Long.MAX_VALUE) >>> 32;
        return pid != PID && !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    /**
     * Takes a free seat. Reading begins at {@code from} or, where that is gone already, at the oldest item that is
     * whole; or with what comes from now on when {@code from} is negative. Returns where.
     *
     * @throws RingException when all seats are taken by living readers
     */
    long take(Region of, long from) {
        region = of;
        hints = of.hints;
        step = Math.max(1, of.geometry.slotCount() / STEPS_PER_LAP);
        place = reserve();
        // by the head after the reservation: who comes now never stands where the writer has waited for another one
        long head = head();
        told = from < 0 ? head : Math.max(from, head - of.geometry.slotCount() + 1);
        Abi.LONG.setRelease(hints, place + Abi.S_POSITION, told);
        Abi.LONG.compareAndSet(hints, place + Abi.S_TOKEN, evicted(token), token);
        VarHandle.fullFence(); // the seat must be out before head is looked at: see Gate.scan
        if (from < 0) {
            told = head();
            Abi.LONG.setRelease(hints, place + Abi.S_POSITION, told);
        }
        return told;
    }

    private long head() {
        return (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
    }

    /** As if it were evicted: the position there is still another reader's, for whom the writer may have waited. */
    private long reserve() {
        for (int i = 0; i < Gate.SEATS; i++) {
            long seat = Gate.seat(i);
            long sits = (long) Abi.LONG.getAcquire(hints, seat + Abi.S_TOKEN);
            if ((sits == FREE || isDead(sits))
                    && Abi.LONG.compareAndSet(hints, seat + Abi.S_TOKEN, sits, evicted(token))) {
                return seat;
            }
        }
        throw new RingException("all " + Gate.SEATS + " seats for LOSSLESS readers of this ring are taken; close one "
                + "of them or read with EVERY");
    }

    /** True while the writer waits for this reader. */
    boolean held() {
        return place >= 0;
    }

    /** True when the writer ought to be told of {@code position}: an eighth of a lap further. */
    boolean due(long position) {
        return position - told >= step;
    }

    /** When there is nothing more to read: the writer may wait for just this. False when the seat was taken away. */
    boolean tell(long position) {
        if (place < 0 || position == told) {
            return place >= 0;
        }
        if ((long) Abi.LONG.getAcquire(hints, place + Abi.S_TOKEN) != token) {
            acknowledge();
            return false;
        }
        told = position;
        Abi.LONG.setRelease(hints, place + Abi.S_POSITION, position); // all reads of the items are over
        wakeWriter();
        return true;
    }

    /** Only its own reader frees a seat that was taken away, or the next one could be evicted in its place. */
    private void acknowledge() {
        Abi.LONG.compareAndSet(hints, place + Abi.S_TOKEN, evicted(token), FREE);
        place = -1;
    }

    /** Clears the mark before the word changes: whoever set it before has read the former word and will not sleep. */
    private void wakeWriter() {
        VarHandle.fullFence(); // the position must be out before the mark is looked at
        if ((int) Abi.INT.getOpaque(hints, Abi.W_WRITER_WAITS) != 0
                && (int) Abi.INT.getAndSet(hints, Abi.W_WRITER_WAITS, 0) != 0) {
            Abi.INT.getAndAdd(hints, Abi.W_ROOM, 1);
            Posix.futexWakeAll(hints.address() + Abi.W_ROOM);
        }
    }

    /** Gives the seat back; the writer waits for this reader no longer. */
    void leave() {
        if (place >= 0) {
            if (!Abi.LONG.compareAndSet(hints, place + Abi.S_TOKEN, token, FREE)) {
                Abi.LONG.compareAndSet(hints, place + Abi.S_TOKEN, evicted(token), FREE);
            }
            wakeWriter();
            place = -1;
        }
    }
}
