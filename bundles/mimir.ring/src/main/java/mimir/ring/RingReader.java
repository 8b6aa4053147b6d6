// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One consumer of a ring: reads in place, at its own pace, and is told exactly what it missed. It follows its source
 * through epochs and successor regions. Confined: one thread at a time, except {@link #stats} and {@link #wake}, which
 * any thread may call. Nothing here allocates after warm-up, and only {@link #await} blocks; no reader can slow the
 * writer.
 *
 * <pre>{@code
 * Lease lease;
 * while ((lease = reader.next()) != null) {
 *     ... read lease.memory() at lease.offset() ...
 *     if (!lease.release()) { ... overtaken: discard ... }
 * }
 * }</pre>
 */
public final class RingReader implements AutoCloseable {
    private static final int MOST_LEASES = 8;
    private static final int SPINS = 64;
    private static final long PARK_NS = 50_000;

    private final RingHome ring;
    private final String name;
    private final Profile profile;
    private final Waiting waiting;
    private final ReaderCounters counters = new ReaderCounters();
    private final PayloadChecksum checksums = new PayloadChecksum();
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment timespec = arena.allocate(16, 8);
    private final Lease[] leases = new Lease[MOST_LEASES];
    private final Seat seat;
    private Region region;
    private MemorySegment readOnly;
    private RingFormat[] formats = {};
    private boolean broken;
    private boolean closed;

    RingReader(RingHome ring, Region region, String name, Profile profile, Start start, Waiting waiting) {
        this.ring = ring;
        this.name = name;
        this.profile = profile;
        this.waiting = waiting;
        for (int i = 0; i < leases.length; i++) {
            leases[i] = new Lease(this, arena.allocate(Descriptor.BYTES, 64));
        }
        long head = (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
        long oldest = Math.max(0, head - region.geometry.slotCount() + 1);
        if (profile == Profile.LOSSLESS) {
            seat = Seat.in(region, ring.identity());
            enter(region, seat.take(region, start == Start.NOW ? -1 : oldest), 0);
        } else {
            seat = null;
            enter(region, start == Start.NOW ? head : oldest, 0);
        }
    }

    /** Nothing changes when the format table is not sound, which throws. */
    private void enter(Region next, long at, long carried) {
        try {
            formats = next.formats().toArray(RingFormat[]::new);
        } catch (RingException | InternalError refused) {
            leaveSeat(); // or the writer there would wait for nobody
            throw refused;
        }
        counters.begin();
        counters.carried += carried;
        counters.region = next;
        counters.position = at;
        counters.first = at;
        counters.end();
        region = next;
        readOnly = next.memory.asReadOnly();
    }

    private void leaveSeat() {
        if (seat != null) {
            seat.leave();
        }
    }

    /** Name in reports. */
    public String name() {
        return name;
    }

    /** Identity of the source. */
    public String source() {
        return ring.identity();
    }

    /**
     * The next item by this reader's profile, or null when there is none now (see {@link #ended}). The lease must be
     * released; up to eight may be open at a time.
     *
     * @throws IllegalStateException when eight leases are open or the reader is closed
     */
    public Lease next() {
        if (closed) {
            throw new IllegalStateException("the reader " + name + " of " + ring.identity() + " is closed");
        }
        try {
            return broken ? null : take(freeLease());
        } catch (InternalError | RingException unsound) {
            // a page that went missing while this region is whole was another region's: the JVM tells that late
            broken = unsound instanceof RingException || !region.whole();
            return null;
        }
    }

    private Lease take(Lease lease) {
        // under a batch a quarter of the slots may be gone beyond where it resumes; more only where a head leaps
        for (int tries = 0; tries <= region.geometry.slotCount(); tries++) {
            long head = (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
            if (!sound() || head < counters.position) {
                broken = true; // a head never runs backwards
                return null;
            }
            if (counters.position == head) {
                if (seat != null) {
                    seat.tell(unread());
                }
                if (!follow()) {
                    return null;
                }
                continue;
            }
            if (profile == Profile.LATEST) {
                skipTo(head - 1);
            }
            if (lease.fill(region, readOnly, counters.position)) {
                return deliver(lease);
            }
            if (lease.neverWritten()) {
                broken = true;
                return null;
            }
            overtaken(head);
        }
        return null;
    }

    /** True as long as this is the region that was checked. */
    private boolean sound() {
        return region.whole() && (long) Abi.LONG.getOpaque(region.memory, Abi.H_REGION_ID) == region.id;
    }

    private Lease deliver(Lease lease) {
        if (!lease.sound()) {
            lease.revoke();
            // nobody but a foreign hand writes such a descriptor: believe nothing of this region any more
            broken = true;
            return null;
        }
        counters.begin();
        counters.position++;
        counters.delivered++;
        counters.bytesDelivered += lease.releasedBytes();
        counters.end();
        if (seat != null && seat.due(counters.position)) {
            seat.tell(unread());
        }
        return lease;
    }

    /** The oldest item that the writer must leave alone: of the open leases, else the next one. */
    private long unread() {
        long oldest = counters.position;
        for (var lease : leases) {
            if (lease.isOpen()) {
                oldest = Math.min(oldest, lease.position());
            }
        }
        return oldest;
    }

    /**
     * True once a LOSSLESS reader held the writer up for a second and lost its seat: from then on it reads like an
     * EVERY reader, and what it misses is counted as overtaken.
     */
    public boolean evicted() {
        return seat != null && !seat.held();
    }

    private void skipTo(long position) {
        if (position > counters.position) {
            counters.begin();
            counters.skipped += position - counters.position;
            counters.position = position;
            counters.end();
        }
    }

    /**
     * Resumes three quarters of the ring behind the head: a quarter of slack, or the next item would be overtaken as
     * well.
     */
    private void overtaken(long head) {
        long resume = Math.max(counters.position + 1, head - region.geometry.slotCount() * 3L / 4);
        counters.begin();
        counters.overtaken += resume - counters.position;
        counters.position = resume;
        counters.end();
    }

    private boolean follow() {
        var next = region.successor();
        if (next == null || anyLeaseOpen()
                || counters.position < (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD)) {
            return false;
        }
        var drained = region;
        if (seat != null && seat.held()) {
            seat.leave();
            seat.take(next, 0);
        }
        enter(next, 0, counters.position - counters.first);
        next.retain(); // cannot fail: the drained region keeps its successor
        drained.release();
        return true;
    }

    /**
     * True when everything was read and no writer owns the source now; a later incarnation of the source makes it false
     * again.
     */
    public boolean ended() {
        try {
            return broken || region.successor() == null && region.state() != Abi.STATE_LIVE
                    && counters.position >= (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
        } catch (InternalError pageIsGone) {
            return broken = true;
        }
    }

    /** Why nothing comes any more; {@link Ending#NOT_YET} as long as {@link #ended} is false. */
    public Ending ending() {
        if (!ended()) {
            return Ending.NOT_YET;
        }
        boolean gone = region.state() == Abi.STATE_WRITER_GONE;
        return broken ? Ending.BROKEN : gone ? Ending.WRITER_GONE : Ending.ENDED;
    }

    /**
     * True when the memory of the source is gone or not sound any more (its file was cut, or overwritten); nothing more
     * will come.
     */
    public boolean broken() {
        return broken;
    }

    /**
     * Waits for something to read, in the way that the reader was opened with.
     *
     * @param timeoutNs longest wait, ns
     * @return true when there may be something (an item, an end, a {@link #wake}), false when the time passed
     */
    public boolean await(long timeoutNs) {
        try {
            return awaitSomething(timeoutNs);
        } catch (InternalError pageIsGone) {
            return broken = true;
        }
    }

    private boolean awaitSomething(long timeoutNs) {
        long end = System.nanoTime() + timeoutNs;
        boolean gone = region.gone();
        int spins = 0;
        do {
            if (something() || region.look() != gone) {
                return true;
            }
            if (waiting == Waiting.SPIN || spins++ < SPINS) {
                Thread.onSpinWait();
            } else if (waiting == Waiting.YIELD) {
                Thread.yield();
            } else if (waiting == Waiting.PARK) {
                LockSupport.parkNanos(PARK_NS);
            } else if (sleep(Math.min(end - System.nanoTime(), region.sliceNs()))) {
                return true;
            }
        } while (System.nanoTime() < end);
        return something() || region.look() != gone;
    }

    private boolean something() {
        return broken || (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD) > counters.position
                || region.successor() != null;
    }

    private boolean sleep(long ns) {
        if (ns <= 0) {
            return something();
        }
        int bell = (int) Abi.INT.getAcquire(region.memory, Abi.H_DOORBELL);
        int rung = region.rung();
        Abi.INT.setVolatile(region.hints, Abi.W_WAITERS, 1);
        VarHandle.fullFence(); // the mark before the second look, or the writer could miss us
        if (!something()) {
            timespec.set(ValueLayout.JAVA_LONG, 0, ns / 1_000_000_000L);
            timespec.set(ValueLayout.JAVA_LONG, 8, ns % 1_000_000_000L);
            Posix.futexWait(region.memory.address() + Abi.H_DOORBELL, bell, timespec.address());
        }
        return something() || (int) Abi.INT.getAcquire(region.memory, Abi.H_DOORBELL) != bell
                || region.rung() != rung;
    }

    /** Ends an {@link #await} in another thread. Any thread; does not block. */
    public void wake() {
        ring.wake();
    }

    /** Counters of this reader, consistent among themselves. Any thread; allocates the record. */
    public ReaderStats stats() {
        return counters.snapshot(name, profile); // the region cannot vanish meanwhile: the snapshot holds it
    }

    /** Lets the region go; open leases end. The reader's thread. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            for (var lease : leases) {
                lease.revoke();
            }
            leaveSeat();
            ring.forget(this);
            counters.begin();
            counters.region = null;
            counters.end();
            region.release();
        }
    }

    /**
     * The format of an item of the region in hand, or null when its table has no such entry. Allocates only when an
     * entry is new.
     */
    RingFormat format(Region of, int formatId) {
        if (formatId > formats.length && of == region) {
            formats = of.formats().toArray(RingFormat[]::new);
        }
        return formatId >= 1 && formatId <= formats.length ? formats[formatId - 1] : null;
    }

    Lease freeLease() {
        for (var lease : leases) {
            if (!lease.isOpen()) {
                return lease;
            }
        }
        throw new IllegalStateException("all " + MOST_LEASES + " leases of reader " + name
                + " are open; release one first");
    }

    private boolean anyLeaseOpen() {
        for (var lease : leases) {
            if (lease.isOpen()) {
                return true;
            }
        }
        return false;
    }

    void released(Lease lease, boolean whole) {
        if (!whole) {
            counters.begin();
            counters.delivered--;
            counters.bytesDelivered -= lease.releasedBytes();
            counters.overtaken++;
            counters.torn++;
            counters.end();
        }
    }

    void countCopied(long bytes) {
        counters.begin();
        counters.bytesCopied += bytes;
        counters.end();
    }

    void countChecksumError() {
        counters.begin();
        counters.checksumErrors++;
        counters.end();
    }

    PayloadChecksum checksums() {
        return checksums;
    }
}
