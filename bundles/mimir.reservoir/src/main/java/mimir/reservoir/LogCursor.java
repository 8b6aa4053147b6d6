// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;

/** Walks the entries of one source through the log, in place. Confined; allocates nothing per item. */
final class LogCursor implements ReservoirCursor {
    /** An item may have come this much later than others of its own time; a scan looks as far beyond its end. */
    private static final long LATENESS_NS = 1_000_000_000L;

    private final ReservoirLog log;
    private final SourceTrack track;
    private final long fromNs;
    private final long toNs;
    private final Descriptor descriptor = new Descriptor();
    private long expected; // ordinal of the next item
    private long beyond;   // ordinal of the first item after the window, once that is known
    private long next;
    private long current = -1;
    private long record;
    private long bytes;
    private long canonicalNs;
    private RingFormat format;
    private long overtaken;

    LogCursor(ReservoirLog log, SourceTrack track, long fromNs, long toNs) {
        this.log = log;
        this.track = track;
        this.fromNs = fromNs;
        this.toNs = toNs;
        this.next = log.search(fromNs);
        this.expected = ordinalFrom(next, fromNs);
        long after = log.search(toNs);
        this.beyond = after < log.end() ? ordinalFrom(after, toNs) : Long.MAX_VALUE;
    }

    /** Ordinal of the source's first item that is not before an instant, from an entry on; it may have yet to come. */
    private long ordinalFrom(long number, long ns) {
        while (true) {
            long yetToCome = track.taken();
            long end = log.end();
            for (long at = Math.max(number, log.first()); at < end; at++) {
                long ordinal = log.index.ordinal(at);
                if (log.index.source(at) == track.number
                        && log.canonicalNs(log.record(log.index.position(at))) >= ns && log.holds(at)) {
                    return ordinal;
                }
            }
            if (yetToCome == track.taken()) {
                return yetToCome;
            }
        }
    }

    @Override
    public boolean next() {
        long end = log.end();
        for (next = Math.max(next, log.first()); next < end; next++) {
            if (toNs != Long.MAX_VALUE && log.index.key(next) - LATENESS_NS >= toNs && log.holds(next)) {
                countOvertaken(track.evicted());
                beyond = Math.min(beyond, expected);
                return false;
            }
            if (log.index.source(next) == track.number && enter(next)) {
                next++;
                return true;
            }
        }
        countOvertaken(track.evicted());
        return false;
    }

    /** Reads an entry and its record; true when it belongs to the window and was there all the time. */
    private boolean enter(long number) {
        long ordinal = log.index.ordinal(number);
        long place = log.record(log.index.position(number));
        long time = log.canonicalNs(place);
        long length = log.payloadBytes(place);
        int formatNumber = log.format(place);
        if (time >= fromNs && time < toNs) {
            descriptor.load(log.readOnly(), place);
        }
        if (!log.holds(number)) {
            return false; // it was overwritten while we looked: what we read means nothing, the ordinals tell the loss
        }
        countOvertaken(ordinal);
        expected = ordinal + 1;
        if (time < fromNs || time >= toNs || time < log.edge()) {
            return false;
        }
        current = number;
        record = place;
        bytes = length;
        canonicalNs = time;
        format = track.format(formatNumber);
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
        return log.readOnly();
    }

    @Override
    public long offset() {
        return record + ReservoirLog.RECORD_HEADER;
    }

    @Override
    public long length() {
        return bytes;
    }

    @Override
    public boolean intact() {
        return current >= 0 && log.holds(current);
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
