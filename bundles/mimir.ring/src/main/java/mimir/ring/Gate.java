// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The writer's side of LOSSLESS readers: how far it may go before it takes an item from one of them. It looks at their
 * seats once per lap of the ring, so a ring without such readers pays next to nothing. Seats are hints: whatever stands
 * there costs the writer no more than a second, then the seat's reader is evicted. Confined to the writer's thread; no
 * allocation.
 */
final class Gate {
    static final int SEATS = 28;
    static final long SEAT_BYTES = 128;

    private static final long PATIENCE_NS = 1_000_000_000;
    private static final long SLICE_NS = 20_000_000;
    private static final int SPINS = 500;
    private static final int YIELDS = 8;

    private final Region region;
    private final MemorySegment hints;
    private final long slots;
    private final MemorySegment timespec = Arena.ofAuto().allocate(16, 8);
    private final long[] heldSinceNs = new long[SEATS];
    private long waitedFor = -1;
    private long limit; // claims below it take nothing from anybody

    Gate(Region region) {
        this.region = region;
        this.hints = region.hints;
        this.slots = region.geometry.slotCount();
    }

    static long seat(int number) {
        return Abi.W_SEATS + number * SEAT_BYTES;
    }

    /** True when item {@code position} may be claimed without a loss to any reader with a seat. */
    boolean open(long position) {
        return position < limit || scan(position);
    }

    /**
     * A reader that takes its seat looks at head afterwards, this looks at the seats after head is out: with a full
     * fence on both sides either the seat is seen here, or the reader starts no earlier than the head that counts here.
     */
    private boolean scan(long position) {
        VarHandle.fullFence();
        long low = (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
        for (int i = 0; i < SEATS; i++) {
            long seat = seat(i);
            if ((long) Abi.LONG.getAcquire(hints, seat + Abi.S_TOKEN) > 0) {
                low = Math.min(low, (long) Abi.LONG.getAcquire(hints, seat + Abi.S_POSITION));
            }
        }
        limit = low + slots;
        return position < limit;
    }

    /** Waits until the gate is open: spins, yields, then sleeps until a reader moves on. False when the time passed. */
    boolean await(long position, long timeoutNs) {
        if (open(position)) {
            return true;
        }
        long now = System.nanoTime();
        long end = now + timeoutNs;
        if (waitedFor != position) {
            waitedFor = position; // or many short waits for one item would never make a long one
            Arrays.fill(heldSinceNs, now);
        }
        for (int looks = 0; !scan(position); looks++) {
            now = System.nanoTime();
            if (now >= end) {
                return false;
            }
            if (looks < SPINS) {
                Thread.onSpinWait();
            } else if (looks < SPINS + YIELDS) {
                Thread.yield();
            } else {
                park(position, Math.min(SLICE_NS, end - now));
                evict(position, System.nanoTime());
            }
        }
        return true;
    }

    /** The word to sleep on is read before the mark is set and the seats are looked at: what moves then changes it. */
    private void park(long position, long ns) {
        int room = (int) Abi.INT.getAcquire(hints, Abi.W_ROOM);
        Abi.INT.setVolatile(hints, Abi.W_WRITER_WAITS, 1);
        if (!scan(position)) {
            timespec.set(ValueLayout.JAVA_LONG, 0, 0);
            timespec.set(ValueLayout.JAVA_LONG, 8, ns);
            Posix.futexWait(hints.address() + Abi.W_ROOM, room, timespec.address());
        }
        Abi.INT.setVolatile(hints, Abi.W_WRITER_WAITS, 0);
    }

    /**
     * Takes the seat from readers that are dead, or have held the writer up at this one item for a second: to move is
     * not enough, or numbers that only change could hold it for ever.
     */
    private void evict(long position, long now) {
        for (int i = 0; i < SEATS; i++) {
            long token = (long) Abi.LONG.getAcquire(hints, seat(i) + Abi.S_TOKEN);
            long at = (long) Abi.LONG.getAcquire(hints, seat(i) + Abi.S_POSITION);
            boolean holds = token > 0 && at <= position - slots;
            if (!holds) {
                heldSinceNs[i] = now;
            }
            if (holds && (now - heldSinceNs[i] >= PATIENCE_NS || Seat.isDead(token))
                    && Abi.LONG.compareAndSet(hints, seat(i) + Abi.S_TOKEN, token, Seat.evicted(token))) {
                Abi.LONG.setOpaque(region.memory, Abi.H_EVICTED, Abi.getLong(region.memory, Abi.H_EVICTED) + 1);
            }
        }
    }
}
