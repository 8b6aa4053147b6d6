// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.ArrayList;
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
 * Takes items of all sources, and of the rings kept beside them, into the log, in order of their host time, each with
 * one copy and its checksum tested. Rings are added by control threads; {@link #pass} belongs to the ingest thread.
 * Single-writer.
 */
final class Ingest implements ReservoirLog.Evictions {
    static final int MOST_SOURCES = 256;
    /** Rings of sources and of results together; a power of two. */
    static final int MOST_RINGS = 1024;
    private static final int MOST_PER_PASS = 8192; // so that a pass ends even when items come as fast as they are taken

    private final ReservoirLog log;
    private final Descriptor stored = new Descriptor();
    private boolean closed; // guarded by this
    private final SourceTrack[] places = new SourceTrack[MOST_RINGS]; // the number of a track tells its place
    private final SourceTrack[] ready = new SourceTrack[MOST_RINGS];  // of a pass
    private int made;    // guarded by this
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
    boolean add(Ring ring) {
        return add(ring, true);
    }

    /**
     * The same of a ring whose items belong to those of a source; also after {@link #letGo}, before somebody writes
     * there again. False when there are too many.
     */
    boolean keep(Ring ring) {
        return add(ring, false);
    }

    private synchronized boolean add(Ring ring, boolean source) {
        var known = track(ring.identity());
        if (closed || known != null && !known.lost(ring)) {
            return true;
        }
        if (known != null) {
            known.follow(ring, open(ring, known.knows(ring) ? Start.NOW : Start.OLDEST));
            return true;
        }
        forget();
        int most = source ? MOST_SOURCES : MOST_RINGS - MOST_SOURCES;
        if (Arrays.stream(tracks).filter(track -> track.source == source).count() >= most) {
            return false;
        }
        int place = 0;
        while (places[place] != null) {
            place++;
        }
        var reader = open(ring, Start.OLDEST);
        var track = new SourceTrack(made++ * MOST_RINGS + place, source, ring, reader, new Ladder(log));
        places[place] = track;
        var more = Arrays.copyOf(tracks, tracks.length + 1);
        more[tracks.length] = track;
        tracks = more;
        return true;
    }

    /** Nothing more of a ring is wanted; the next pass that finds it empty ends its reader. */
    synchronized void letGo(Ring ring) {
        var known = track(ring.identity());
        if (known != null && known.knows(ring)) {
            known.letGo();
        }
    }

    /** The places of rings of which nothing comes and nothing is there are free for others. */
    private void forget() {
        var left = new ArrayList<SourceTrack>();
        for (var track : tracks) {
            if (track.gone() && track.items() == 0) {
                places[place(track.number)] = null;
            } else {
                left.add(track);
            }
        }
        tracks = left.toArray(SourceTrack[]::new);
    }

    static int place(int number) {
        return number & MOST_RINGS - 1;
    }

    private static RingReader open(Ring ring, Start start) {
        return ring.reader("reservoir", Profile.EVERY, start);
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
        places[place(source)].evict(payloadBytes);
    }

    /**
     * Takes in what is there now, oldest first. Each ring is looked at once, and again as long as it has something:
     * those that are empty, most of many, cost one look a pass. Returns how many items were taken.
     */
    int pass() {
        int left = look();
        int items = 0;
        boolean room = true;
        while (room && left > 0 && items < MOST_PER_PASS) {
            int at = oldest(left);
            var track = ready[at];
            room = take(track);
            items += room ? 1 : 0;
            if (room && track.peek() == null) {
                ready[at] = ready[--left];
            }
        }
        caughtUp = left == 0;
        passes++;
        return items;
    }

    private int look() {
        int found = 0;
        for (var track : tracks) {
            if (track.peek() != null) {
                ready[found++] = track;
            }
        }
        return found;
    }

    /** An item comes before the results that have its time: its ring was there before theirs. */
    private int oldest(int among) {
        int oldest = 0;
        for (int i = 1; i < among; i++) {
            long ahead = ready[i].waitingNs() - ready[oldest].waitingNs();
            if (ahead < 0 || ahead == 0 && ready[i].number < ready[oldest].number) {
                oldest = i;
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
            stored.payload(Abi.PAYLOAD_MEMORY, place + ReservoirLog.RECORD_HEADER, 0, stored.handle(2));
        }
        if (wrong) {
            stored.addFlags(Descriptor.CORRUPT); // kept and marked: to take it in silently or to drop it would hide it
        }
        int format = track.formatNumber(lease.format());
        stored.copyTo(log.memory(), place);
        if (track.release()) {
            long ordinal = track.takeIn(bytes, stored.has(Descriptor.DISCONTINUITY));
            track.ladder.link(place, ordinal);
            track.ladder.extend(log.commit(place, track, ordinal, canonicalNs(stored.hostTimeNs()), bytes,
                    format));
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
