// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import mimir.api.reservoir.RetainedItems;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;

/** Finds entries of one source by its {@link Ladder}, and walks on from there, in place. Confined. */
final class LadderCursor implements RetainedItems {
    private static final long UNKNOWN = -1;
    private static final long NONE_IN_HAND = -1;

    private final ReservoirLog log;
    private final SourceTrack track;
    private final Descriptor descriptor = new Descriptor();
    private long next;
    private long expected = UNKNOWN; // ordinal of the next item
    private long overtaken;
    private long current = NONE_IN_HAND;
    private long record;
    private long ordinal;
    private long bytes;
    private int format;
    private long canonicalNs;
    private long before;
    private long jump;

    LadderCursor(ReservoirLog log, SourceTrack track) {
        this.log = log;
        this.track = track;
    }

    @Override
    public Found seek(Order order) {
        log.end(); // says so when the reservoir has stopped
        next = 0;
        expected = UNKNOWN;
        long at = track.ladder.newest();
        if (at == Ladder.NOTHING) {
            return lose(Found.NONE);
        }
        if (!load(at)) {
            return lose(Found.GONE);
        }
        while (order.compare(descriptor) > 0) {
            long one = before;
            if (!load(jump) || order.compare(descriptor) <= 0) { // too far: one step only
                if (one == Ladder.NOTHING) {
                    return lose(Found.NONE);
                }
                if (!load(one)) {
                    return lose(Found.GONE);
                }
            }
        }
        if (behindTheEdge()) {
            return lose(Found.GONE);
        }
        next = current + 1;
        expected = ordinal + 1;
        return Found.THERE;
    }

    private Found lose(Found found) {
        current = NONE_IN_HAND;
        return found;
    }

    /** Reads an entry and its record; false when it is not there any more. */
    private boolean load(long number) {
        if (number < log.first()) {
            return false;
        }
        ordinal = log.index.ordinal(number);
        record = log.record(log.index.position(number));
        bytes = log.records.payloadBytes(record);
        format = log.records.format(record);
        before = log.records.before(record);
        jump = log.records.jump(record);
        canonicalNs = log.index.timeNs(number);
        descriptor.load(log.readOnly(), record);
        current = number;
        return log.holds(number);
    }

    /** An item that came late may still lie where others of its time have gone. */
    private boolean behindTheEdge() {
        return canonicalNs < log.edge();
    }

    @Override
    public boolean next() {
        long end = log.end();
        for (next = Math.max(next, log.first()); next < end; next = Math.max(next + 1, log.first())) {
            if (log.index.source(next) == track.number && load(next) && !behindTheEdge()) {
                overtaken += expected == UNKNOWN ? 0 : Math.max(0, ordinal - expected);
                expected = ordinal + 1;
                next++;
                return true;
            }
        }
        current = NONE_IN_HAND;
        return false;
    }

    @Override
    public long overtaken() {
        return overtaken;
    }

    @Override
    public long edgeNs() {
        return log.edge();
    }

    @Override
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public RingFormat format() {
        return track.format(format);
    }

    @Override
    public MemorySegment memory() {
        return log.readOnly();
    }

    @Override
    public long offset() {
        return record + Records.HEADER;
    }

    @Override
    public long length() {
        return bytes;
    }

    @Override
    public boolean intact() {
        return current >= 0 && log.holds(current);
    }
}
