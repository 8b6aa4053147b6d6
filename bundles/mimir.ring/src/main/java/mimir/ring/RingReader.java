// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

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

    final RingHome ring;
    private final String name;
    private final Profile profile;
    private final ReaderCounters counters = new ReaderCounters();
    private final PayloadChecksum checksums = new PayloadChecksum();
    private final Sleeper sleeper;
    private final Leases leases = new Leases(this);
    private final ReadAhead ahead = new ReadAhead();
    private final Seat seat;
    private Region region;
    private MemorySegment readOnly;
    private long head; // as it was last seen
    private RingFormat[] formats = {};
    private boolean broken;
    private boolean closed;

    RingReader(RingHome ring, Region region, String name, Profile profile, Start start, Waiting waiting) {
        this.ring = ring;
        this.name = name;
        this.profile = profile;
        this.sleeper = new Sleeper(this, waiting);
        long head = (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
        long first = start.position(head, region.geometry.slotCount());
        if (profile == Profile.LOSSLESS) {
            seat = Seat.in(region, ring.identity());
            enter(region, seat.take(region, start == Start.NOW ? -1 : first), 0);
        } else {
            seat = null;
            enter(region, first, 0);
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
        head = at;
        ahead.clear();
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
        checkOpen();
        try {
            return broken ? null : take(leases.free());
        } catch (InternalError | RingException unsound) {
            return distrust(unsound);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the reader " + name + " of " + ring.identity() + " is closed");
        }
    }

    /** A page that went missing while this region is whole was another region's: the JVM tells that late. */
    private Lease distrust(Throwable unsound) {
        broken = unsound instanceof RingException || !region.whole();
        return null;
    }

    /**
     * The item at a position of the region in hand, wherever this reader stands, or null when it was overtaken or is
     * not there yet. Nothing is counted, not even when it is overtaken under the lease, and nothing moves. No writer
     * waits for it, not even for a LOSSLESS reader. The lease is one of the eight and must be released.
     *
     * @param position from {@link #oldest} to {@link #end} exclusive
     * @throws IllegalStateException as {@link #next}
     */
    public Lease peek(long position) {
        checkOpen();
        try {
            if (broken || position >= head && (!look() || position >= head) || position < oldest(head)) {
                return null;
            }
            var lease = leases.free();
            boolean there = lease.peek(region, readOnly, position);
            broken = !there && lease.neverWritten();
            return there ? believed(lease) : null;
        } catch (InternalError | RingException unsound) {
            return distrust(unsound);
        }
    }

    /** Position of the next item to be published in the region in hand; 0 when it is {@link #broken}. */
    public long end() {
        checkOpen();
        try {
            return !broken && look() ? head : 0;
        } catch (InternalError pageIsGone) {
            distrust(pageIsGone);
            return 0;
        }
    }

    /** The oldest position that {@link #peek} may find, if the writer is not at it. */
    public long oldest() {
        return oldest(end());
    }

    private long oldest(long end) {
        return Math.max(0, end - region.geometry.slotCount());
    }

    /**
     * Goes on to the region that took over, whose positions begin at 0. For readers that only {@link #peek}: {@link
     * #next} does it by itself when all is read. What this reader has not read counts as skipped. False when no region
     * took over, or a lease is open.
     */
    public boolean moveOn() {
        checkOpen();
        try {
            if (broken || region.successor() == null || leases.anyOpen() || !look()) {
                return false;
            }
            skipTo(head);
            return follow();
        } catch (InternalError | RingException unsound) {
            return distrust(unsound) != null;
        }
    }

    private Lease take(Lease lease) {
        // under a batch a quarter of the slots may be gone beyond where it resumes; more only where a head leaps
        for (int tries = 0; tries <= region.geometry.slotCount(); tries++) {
            if (!ahead.holds(counters.position) && !available()) {
                return null;
            }
            long position = counters.position;
            if ((ahead.holds(position) || ahead.fill(region, position, head))
                    && lease.fill(ahead, region, readOnly, position)) {
                return deliver(lease);
            }
            if (ahead.neverWritten(position)) {
                broken = true;
                return null;
            }
            if (!look()) {
                return null;
            }
            overtaken();
        }
        return null;
    }

    /** Finds the next item, in this region or in the one that took over. False when there is none now. */
    private boolean available() {
        do {
            if (!look()) {
                return false;
            }
            if (counters.position < head) {
                counters.behind(head - counters.position);
                if (profile == Profile.LATEST) {
                    skipTo(head - 1);
                }
                return true;
            }
            if (seat != null) {
                seat.tell(unread());
            }
        } while (follow());
        return false;
    }

    /**
     * Looks where the head is, once for all that is read ahead: the line that the writer writes with every item is left
     * alone meanwhile. False when the region is not sound any more; a head never runs backwards.
     */
    private boolean look() {
        head = (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
        broken = !sound() || head < counters.position;
        return !broken;
    }

    /** True as long as this is the region that was checked. */
    private boolean sound() {
        return region.whole() && (long) Abi.LONG.getOpaque(region.memory, Abi.H_REGION_ID) == region.id;
    }

    private Lease deliver(Lease lease) {
        if (believed(lease) == null) {
            return null;
        }
        counters.deliver(lease.releasedBytes());
        if (seat != null && seat.due(counters.position)) {
            seat.tell(unread());
        }
        return lease;
    }

    /** Nobody but a foreign hand writes an unsound descriptor: believe nothing of this region any more. */
    private Lease believed(Lease lease) {
        if (lease.sound()) {
            return lease;
        }
        lease.revoke();
        broken = true;
        return null;
    }

    /** The oldest item that the writer must leave alone: of the open leases, else the next one. */
    private long unread() {
        return leases.oldest(counters.position);
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
            counters.skipTo(position);
        }
    }

    /**
     * Resumes three quarters of the ring behind the head: a quarter of slack, or the next item would be overtaken as
     * well.
     */
    private void overtaken() {
        ahead.clear();
        long resume = Math.max(counters.position + 1, head - region.geometry.slotCount() * 3L / 4);
        counters.overtakenUpTo(resume);
    }

    private boolean follow() {
        var next = region.successor();
        if (next == null || leases.anyOpen()
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
            return sleeper.await(region, timeoutNs);
        } catch (InternalError pageIsGone) {
            return broken = true;
        }
    }

    /** True when {@link #next} may find an item, or the end. */
    boolean something() {
        return broken || (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD) > counters.position
                || region.successor() != null;
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
            leases.revoke();
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

    ReaderCounters counters() {
        return counters;
    }

    Leases leases() {
        return leases;
    }

    PayloadChecksum checksums() {
        return checksums;
    }
}
