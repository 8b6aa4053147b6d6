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
    private long next;
    private long current = -1;
    private long expectedOrdinal = -1;
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
    }

    @Override
    public boolean next() {
        long end = log.end();
        for (next = Math.max(next, log.first()); next < end; next++) {
            if (toNs != Long.MAX_VALUE && log.key(next) - LATENESS_NS >= toNs && log.holds(next)) {
                return false;
            }
            if (log.source(next) == track.number && enter(next)) {
                next++;
                return true;
            }
        }
        return false;
    }

    /** Reads an entry and its record; true when it belongs to the window and was there all the time. */
    private boolean enter(long number) {
        long ordinal = log.ordinal(number);
        long place = log.record(log.position(number));
        long time = log.canonicalNs(place);
        long length = log.payloadBytes(place);
        int formatNumber = log.format(place);
        if (!log.holds(number)) {
            // the entry was reused while we looked: what we read means nothing; the ordinals will tell the loss
            return false;
        }
        if (time < fromNs || time >= toNs || time < log.edge()) {
            return false;
        }
        overtaken += expectedOrdinal >= 0 ? Math.max(0, ordinal - expectedOrdinal) : 0;
        expectedOrdinal = ordinal + 1;
        current = number;
        record = place;
        bytes = length;
        canonicalNs = time;
        format = track.format(formatNumber);
        descriptor.wrap(log.readOnly(), place);
        return true;
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
