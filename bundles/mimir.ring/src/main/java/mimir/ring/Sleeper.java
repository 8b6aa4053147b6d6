// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** How one reader waits for something to read. Confined to the reader's thread; nothing allocates. */
final class Sleeper {
    private static final int SPINS = 64;
    private static final long PARK_NS = 50_000;
    private static final long FIRST_SLEEPS_NS = 1_000_000;

    private final RingReader reader;
    private final Waiting waiting;
    private final MemorySegment timespec = Arena.ofAuto().allocate(16, 8);
    private Region announced;
    private long announcedNs;
    private int life = Abi.STATE_LIVE;

    Sleeper(RingReader reader, Waiting waiting) {
        this.reader = reader;
        this.waiting = waiting;
    }

    /** Waits in the way that the reader was opened with. False when the time passed. */
    boolean await(Region region, long timeoutNs) {
        boolean gone = region.gone();
        if (spin()) {
            return true; // the clock costs more than the item that is on its way
        }
        long end = System.nanoTime() + timeoutNs;
        do {
            if (rest(region, end) || reader.something() || region.look() != gone || !isAsBefore(region)) {
                return true;
            }
        } while (System.nanoTime() < end);
        return false;
    }

    private boolean spin() {
        for (int spins = 0; spins < SPINS; spins++) {
            if (reader.something()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** One rest between two looks at the clock. */
    private boolean rest(Region region, long end) {
        switch (waiting) {
            case SPIN -> {
                return spin();
            }
            case YIELD -> Thread.yield();
            case PARK -> LockSupport.parkNanos(PARK_NS);
            case DOORBELL -> {
                return sleep(region, Math.min(end - System.nanoTime(), region.sliceNs()));
            }
        }
        return false;
    }

    private boolean sleep(Region region, long ns) {
        if (ns <= 0) {
            return reader.something();
        }
        long atMost = announced(region, ns);
        int bell = (int) Abi.INT.getAcquire(region.memory, Abi.H_DOORBELL);
        int rung = region.rung();
        boolean near = region.near();
        Abi.INT.setVolatile(near ? region.nearHints : region.hints, Abi.W_WAITERS, 1);
        VarHandle.fullFence(); // the mark before the second look, or the writer could miss us
        if (!reader.something() && region.state() == life) {
            timespec.set(ValueLayout.JAVA_LONG, 0, atMost / 1_000_000_000L);
            timespec.set(ValueLayout.JAVA_LONG, 8, atMost % 1_000_000_000L);
            doze(near, region.memory.address() + Abi.H_DOORBELL, bell);
        }
        return reader.something() || (int) Abi.INT.getAcquire(region.memory, Abi.H_DOORBELL) != bell
                || region.rung() != rung;
    }

    /**
     * False when the ring has ended, or lives again, since this was asked last: told once, for who waits for a
     * successor is not to be woken for ever.
     */
    private boolean isAsBefore(Region region) {
        int now = region.state();
        boolean same = now == life;
        life = now;
        return same;
    }

    private void doze(boolean near, long doorbell, int bell) {
        if (near) {
            Posix.futexWaitNear(doorbell, bell, timespec.address());
        } else {
            Posix.futexWait(doorbell, bell, timespec.address());
        }
    }

    /**
     * Tells the writer that readers of this region sleep: as long as none does, it pays no fence for them. The item
     * that it publishes at this very moment may miss the word, and its head come out a moment later; no later item can.
     * So for a millisecond no sleep is longer than that.
     */
    private long announced(Region region, long ns) {
        long now = System.nanoTime();
        if ((int) Abi.INT.getOpaque(region.hints, Abi.W_MAY_SLEEP) == 0 || announced != region) {
            Abi.INT.setVolatile(region.hints, Abi.W_MAY_SLEEP, 1);
            announced = region;
            announcedNs = now;
        }
        return now - announcedNs > FIRST_SLEEPS_NS ? ns : Math.min(ns, FIRST_SLEEPS_NS);
    }
}
