// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.Arrays;
import mimir.ring.Abi;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Takes items of all sources into the log, in order of their host time, each with one copy and its checksum tested.
 * Sources are added by control threads; {@link #pass} belongs to the ingest thread. Single-writer.
 */
final class Ingest implements ReservoirLog.Evictions {
    static final int MOST_SOURCES = 256;
    private static final int MOST_PER_PASS = 8192; // so that a pass ends even when items come as fast as they are taken

    private final ReservoirLog log;
    private final Descriptor stored = new Descriptor();
    private boolean closed; // guarded by this
    private volatile SourceTrack[] tracks = {};
    private volatile long passes;
    private volatile long refused;
    private volatile boolean caughtUp;
    private long nowNs;

    Ingest(long budgetBytes) {
        log = new ReservoirLog(budgetBytes, this);
    }

    /** @param enough see {@link ReservoirLog} */
    Ingest(long budgetBytes, long enough) {
        log = new ReservoirLog(budgetBytes, enough, this);
    }

    ReservoirLog log() {
        return log;
    }

    SourceTrack[] tracks() {
        return tracks;
    }

    SourceTrack track(String id) {
        for (var track : tracks) {
            if (track.id.equals(id)) {
                return track;
            }
        }
        return null;
    }

    /** Items that found no room: pinned windows filled the memory, or one item alone is larger than all of it. */
    long refused() {
        return refused;
    }

    long passes() {
        return passes;
    }

    /** True when the last pass left nothing behind that it saw. */
    boolean caughtUp() {
        return caughtUp;
    }

    // ---- control threads ----

    /** A source is there, or there again: a reader outlives its driver. False when there are too many sources. */
    synchronized boolean add(Ring ring) {
        var known = track(ring.identity());
        if (closed || known != null && !known.lost(ring)) {
            return true;
        }
        if (known != null) {
            known.follow(ring, open(ring));
            return true;
        }
        if (tracks.length >= MOST_SOURCES) {
            return false;
        }
        var more = Arrays.copyOf(tracks, tracks.length + 1);
        more[tracks.length] = new SourceTrack(tracks.length, ring, open(ring));
        tracks = more;
        return true;
    }

    private static RingReader open(Ring ring) {
        return ring.reader("reservoir", Profile.EVERY, Start.OLDEST);
    }

    /** Ends all readers and gives the memory back, once the ingest thread has ended; see {@link ReservoirLog#close}. */
    synchronized boolean close(Duration atMost) {
        closed = true;
        for (var track : tracks) {
            track.close();
        }
        return log.close(atMost);
    }

    // ---- the ingest thread ----

    @Override
    public void evicted(int source, long payloadBytes) {
        tracks[source].evict(payloadBytes);
    }

    /** Takes in what is there now, oldest first. Returns how many items were taken. */
    int pass() {
        var now = tracks;
        int items = 0;
        boolean room = true;
        while (room && items < MOST_PER_PASS) {
            var oldest = oldest(now);
            if (oldest == null) {
                break;
            }
            room = take(oldest);
            items += room ? 1 : 0;
        }
        caughtUp = room && items < MOST_PER_PASS;
        passes++;
        return items;
    }

    private static SourceTrack oldest(SourceTrack[] tracks) {
        SourceTrack oldest = null;
        long time = Long.MAX_VALUE;
        for (var track : tracks) {
            var lease = track.peek();
            if (lease != null && (oldest == null || lease.descriptor().hostTimeNs() < time)) {
                oldest = track;
                time = lease.descriptor().hostTimeNs();
            }
        }
        return oldest;
    }

    /** Takes one item; false when it has to wait for pages that are still being made. */
    private boolean take(SourceTrack track) {
        var lease = track.peek();
        long bytes = lease.descriptor().payloadKind() == Abi.PAYLOAD_MEMORY ? lease.length() : 0;
        long place = log.reserve(bytes);
        if (place == ReservoirLog.NO_PAGES) {
            return false;
        }
        if (place == ReservoirLog.REFUSED) {
            refused++;
            track.release();
        } else {
            store(track, lease, place, bytes);
        }
        return true;
    }

    private void store(SourceTrack track, Lease lease, long place, long bytes) {
        boolean wrong = bytes > 0 && lease.verify() == Checksum.WRONG;
        if (bytes > 0) {
            lease.copyOut(log.mapping(), place + ReservoirLog.RECORD_HEADER);
        }
        stored.load(lease.descriptor());
        if (bytes > 0) {
            stored.payload(Abi.PAYLOAD_MEMORY, place + ReservoirLog.RECORD_HEADER, 0, 0);
        }
        if (wrong) {
            stored.addFlags(Descriptor.CORRUPT); // kept and marked: to take it in silently or to drop it would hide it
        }
        int format = track.formatNumber(lease.format());
        stored.copyTo(log.memory(), place);
        if (track.release()) {
            long ordinal = track.takeIn(bytes, stored.has(Descriptor.DISCONTINUITY));
            log.commit(place, track.number, ordinal, canonicalNs(stored.hostTimeNs()), bytes, format);
        }
    }

    /** Host time, but never the future: one wrong clock would take the edge and the history of all others along. */
    private long canonicalNs(long hostTimeNs) {
        if (hostTimeNs > nowNs) {
            nowNs = HostClock.nowNs();
        }
        return Math.min(hostTimeNs, nowNs);
    }
}
