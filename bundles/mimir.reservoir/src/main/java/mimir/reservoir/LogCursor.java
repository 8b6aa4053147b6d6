// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;
import mimir.ring.RingHold;

/** Walks the entries of one source through log and rings, in place. Confined; allocates nothing per item. */
final class LogCursor implements ReservoirCursor {
    /** An item may have come this much later than others of its own time; a scan looks as far beyond its end. */
    static final long LATENESS_NS = 1_000_000_000L;
    private static final int INLINE = Descriptor.BYTES - Abi.INLINE_BYTES; // of a descriptor: where its payload lies

    private final ReservoirLog log;
    private final SourceTrack track;
    private final long fromNs;
    private final long toNs;
    private final Descriptor descriptor = new Descriptor();
    private long expected; // ordinal of the next item
    private long beyond;   // ordinal of the first item after the window, once that is known
    private long from;                 // no entry before this one is of interest
    private long last = Chains.NONE;   // entry that was looked at last
    private long current = Chains.NONE;
    private RingHold hold; // that the payload lies in; null for the log
    private long offset;
    private long bytes;
    private long canonicalNs;
    private RingFormat format;
    private long overtaken;

    LogCursor(ReservoirLog log, SourceTrack track, long fromNs, long toNs) {
        this.log = log;
        this.track = track;
        this.fromNs = fromNs;
        this.toNs = toNs;
        this.from = log.search(fromNs);
        this.expected = ordinalFrom(from, fromNs);
        long after = log.search(toNs);
        this.beyond = after < log.end() ? ordinalFrom(after, toNs) : Long.MAX_VALUE;
    }

    /** Ordinal of the source's first item that is not before an instant, from an entry on; it may have yet to come. */
    private long ordinalFrom(long number, long ns) {
        while (true) {
            long yetToCome = track.taken();
            long before = Chains.NONE;
            for (long at = following(before, number); at != Chains.NONE; at = following(before, number)) {
                long ordinal = log.index.ordinal(at);
                if (log.index.timeNs(at) >= ns && log.holds(at)) {
                    return ordinal;
                }
                before = at;
            }
            if (yetToCome == track.taken()) {
                return yetToCome;
            }
        }
    }

    private long following(long before, long number) {
        return log.chains.following(before, number, track.lane);
    }

    @Override
    public boolean next() {
        long end = log.end();
        for (long at = following(last, from); at != Chains.NONE; at = following(last, from)) {
            if (isBeyond(at) && log.holds(at)) {
                return end();
            }
            last = at;
            from = at + 1;
            if (enter(at)) {
                return true;
            }
        }
        if (end > log.first() && isBeyond(end - 1)) {
            return end();
        }
        countOvertaken(track.evicted());
        return false;
    }

    /** No item that comes behind this entry, of any source, belongs to the window. */
    private boolean isBeyond(long number) {
        return toNs != Long.MAX_VALUE && log.index.key(number) - LATENESS_NS >= toNs;
    }

    private boolean end() {
        countOvertaken(track.evicted());
        beyond = Math.min(beyond, expected);
        return false;
    }

    @Override
    public boolean nearest(long instantNs) {
        long ns = Math.max(Math.max(fromNs, log.edge()), Math.min(instantNs, toNs - 1));
        long before = log.chains.lastBefore(log.search(ns), track.lane);
        long after = following(before, 0);
        while (after != Chains.NONE && log.index.timeNs(after) < ns) { // it came late
            before = after;
            after = following(before, 0);
        }
        boolean first = after == Chains.NONE
                || before != Chains.NONE && ns - log.index.timeNs(before) <= log.index.timeNs(after) - ns;
        return goTo(first ? before : after) || goTo(first ? after : before);
    }

    /** Goes to the last item before an instant, or to the first that there is. */
    boolean before(long ns) {
        last = log.chains.lastBefore(log.search(ns), track.lane);
        from = last + 1;
        return goTo(last) || next();
    }

    /** Number of the entry in hand. */
    long entry() {
        return current;
    }

    /** Goes to an entry of this source; false when it is not in the window, or not there any more. */
    boolean goTo(long number) {
        if (number == Chains.NONE) {
            return false;
        }
        last = number;
        from = number + 1;
        expected = log.index.ordinal(number); // who jumps misses nothing
        return enter(number);
    }

    /** Reads an entry and its record; true when it belongs to the window and was there all the time. */
    private boolean enter(long number) {
        long ordinal = log.index.ordinal(number);
        long place = log.record(log.index.position(number));
        long time = log.index.timeNs(number);
        long length = log.records.payloadBytes(place);
        int formatNumber = log.records.format(place);
        boolean wanted = time >= fromNs && time < toNs;
        boolean there = wanted && locate(place);
        if (!log.holds(number) || wanted && !there) {
            return false; // it was overwritten while we looked: what we read means nothing, the ordinals tell the loss
        }
        countOvertaken(ordinal);
        expected = ordinal + 1;
        if (!wanted || time < log.edge()) {
            return false;
        }
        current = number;
        bytes = descriptor.payloadKind() == Abi.PAYLOAD_INLINE ? descriptor.payloadBytes() : length;
        canonicalNs = time;
        format = track.format(formatNumber);
        return true;
    }

    /** Reads the descriptor, and where the payload is: it may just be copied out of the ring. False when it is gone. */
    private boolean locate(long place) {
        descriptor.load(log.readOnly(), place);
        int home = log.records.home(place);
        hold = track.holds.at(home);
        if (hold != null && hold.holds(descriptor)) {
            offset = descriptor.handle(0);
            return true;
        }
        hold = null;
        if (home != Records.LOG && log.records.home(place) != Records.LOG) {
            return false;
        }
        boolean inline = descriptor.payloadKind() == Abi.PAYLOAD_INLINE;
        offset = inline ? place + INLINE : log.records.payload(place);
        if (descriptor.payloadKind() == Abi.PAYLOAD_MEMORY && descriptor.handle(1) != 0) { // it was in a ring
            descriptor.payload(Abi.PAYLOAD_MEMORY, offset, 0, descriptor.handle(2));
        }
        return true;
    }

    /** Everything of the source below an ordinal is gone or was seen. */
    private void countOvertaken(long ordinal) {
        overtaken += Math.max(0, Math.min(ordinal, beyond) - expected);
        expected = Math.max(expected, ordinal);
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public RingFormat format() {
        return format;
    }

    @Override
    public MemorySegment memory() {
        return hold == null ? log.readOnly() : hold.memory();
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long length() {
        return bytes;
    }

    @Override
    public boolean intact() {
        return current >= 0 && log.holds(current) && (hold == null || hold.holds(descriptor));
    }

    @Override
    public long canonicalNs() {
        return canonicalNs;
    }

    @Override
    public long overtaken() {
        return overtaken;
    }
}
