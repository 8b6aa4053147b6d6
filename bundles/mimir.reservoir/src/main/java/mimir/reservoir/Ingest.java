// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import mimir.ring.Abi;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingHold;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Takes items of all sources, and of the rings kept beside them, into the log, in order of their host time: each with
 * one copy and its checksum tested, or, of a ring that was opened to be kept, where it is. What such a ring is about to
 * overwrite goes past the edge before that, and with it all that is as old; while it is pinned, it is copied. Rings are
 * added by control threads; {@link #pass} belongs to the ingest thread. Single-writer.
 */
final class Ingest implements ReservoirLog.Evictions {
    static final int MOST_SOURCES = 256;
    /** Rings of sources and of results together; a power of two. */
    static final int MOST_RINGS = 1024;
    /** {@link #add}: there are too many. */
    static final int NO_PLACE = -1;
    private static final int MOST_PER_PASS = 8192; // so that a pass ends even when items come as fast as they are taken

    /** Of a ring: items that are so near to be overwritten have to go. Batches and standstills come out of it. */
    private static final int NEAR_PART = 16;
    /** Of a ring: pinned items are copied that are further on than this: who reads one in place has time to. */
    private static final int FAR_PART = 2;
    private static final long MOST_COPIED_AHEAD = 8L << 20; // of pinned items in one pass, bytes

    private final ReservoirLog log;
    private final Descriptor stored = new Descriptor();
    private final Queue<RingHold> retired = new ConcurrentLinkedQueue<>();
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

    /**
     * A source is there, or there again: a reader outlives its driver. Returns how many items of a ring that was opened
     * to be kept are left out, because they are history and the ingest has begun: in the one order of all they would
     * come behind what is newer, and take that along when their ring comes round. {@link #NO_PLACE} when there are too
     * many sources.
     */
    int add(Ring ring) {
        return add(ring, true);
    }

    /**
     * The same of a ring whose items belong to those of a source; also after {@link #letGo}, before somebody writes
     * there again. False when there are too many.
     */
    boolean keep(Ring ring) {
        return add(ring, false) != NO_PLACE;
    }

    private synchronized int add(Ring ring, boolean source) {
        var known = track(ring.identity());
        if (closed || known != null && !known.lost(ring)) {
            return 0;
        }
        if (known != null) {
            known.follow(ring, known.knows(ring) ? open(ring, Start.NOW) : open(ring, source));
            return 0;
        }
        forget();
        int most = source ? MOST_SOURCES : MOST_RINGS - MOST_SOURCES;
        if (Arrays.stream(tracks).filter(track -> track.source == source).count() >= most) {
            return NO_PLACE;
        }
        int place = 0;
        while (places[place] != null) {
            place++;
        }
        var track = new SourceTrack(made++ * MOST_RINGS + place, source, ring, open(ring, source),
                new Ladder(log), new Holds(log, retired::add));
        int leftOut = passes > 0 && ring.deep() ? leaveOut(track) : 0;
        places[place] = track;
        var more = Arrays.copyOf(tracks, tracks.length + 1);
        more[tracks.length] = track;
        tracks = more;
        return leftOut;
    }

    /** Before the ingest thread sees it. What came while its source was being published is not history. */
    private static int leaveOut(SourceTrack track) {
        long fromNs = HostClock.nowNs() - LogCursor.LATENESS_NS;
        int items = 0;
        while (track.peek() != null && track.waitingNs() < fromNs) {
            track.release();
            items++;
        }
        return items;
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

    /** Items that stay in a ring until they have to go. */
    static int kept(RingHold ring) {
        return ring.slots() - ring.slots() / NEAR_PART;
    }

    static int place(int number) {
        return number & MOST_RINGS - 1;
    }

    /**
     * From what the ring of a source held before, but for the next that its writer comes to: it would be gone before
     * the first look at it, and a quarter of the ring with it. Results are there for long.
     */
    private static RingReader open(Ring ring, boolean source) {
        return open(ring, source ? Start.HISTORY : Start.OLDEST);
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
        closeRetired();
        return log.close(atMost);
    }

    /** True when there is memory of rings to give back. Any thread. */
    boolean hasRetired() {
        return !retired.isEmpty();
    }

    /** Gives memory of rings back of which nothing is there any more; see {@link RingHold#close}. */
    void closeRetired() {
        for (var hold = retired.poll(); hold != null; hold = retired.poll()) {
            hold.close();
        }
    }

    // ---- the ingest thread ----

    @Override
    public void evicted(long entry, int source, long payloadBytes, int home) {
        var track = places[place(source)];
        track.evict(payloadBytes, log.index.timeNs(entry));
        if (home > 0) {
            track.holds.removed(entry, home);
        }
    }

    /**
     * Takes in what is there now, oldest first. Each ring is looked at once, and again as long as it has something:
     * those that are empty, most of many, cost one look a pass. Returns how many items were taken.
     */
    int pass() {
        outrun();
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

    /** Lets go, or copies, what rings are about to overwrite. */
    private void outrun() {
        long ahead = MOST_COPIED_AHEAD;
        for (var track : tracks) {
            boolean room = true;
            while (room && track.holds.tail() != Chains.NONE) {
                long left = track.holds.tailHold().ahead(track.holds.tailItem());
                int slots = track.holds.tailHold().slots();
                boolean pinned = log.isPinned(track.holds.tail());
                boolean due = left <= slots - kept(track.holds.tailHold());
                if (pinned && (due || left <= slots / FAR_PART && ahead > 0)) {
                    ahead -= track.holds.tailItem().payloadBytes();
                    room = copyOldest(track);
                } else {
                    room = due && !pinned && (log.evict() || log.isPinned(track.holds.tail()));
                }
            }
        }
    }

    /** Copies the oldest item that stays in its ring. False when that has to wait for pages. */
    private boolean copyOldest(SourceTrack track) {
        long entry = track.holds.tail();
        var item = track.holds.tailItem();
        long place = log.reserveCopy(item.payloadBytes());
        if (place == ReservoirLog.NO_PAGES || track.holds.tail() != entry) {
            return place != ReservoirLog.NO_PAGES; // its pin was closed just now, and it made room itself
        }
        int home = log.records.home(log.record(log.index.position(entry)));
        if (place != ReservoirLog.REFUSED && track.holds.tailHold().copyOut(item, log.mapping(), place)) {
            log.moved(entry, place);
        } else {
            log.gone(entry);
            track.lose(log.index.timeNs(entry));
        }
        track.holds.removed(entry, home);
        return true;
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
        boolean here = lease.descriptor().payloadKind() == Abi.PAYLOAD_MEMORY;
        long bytes = here ? lease.length() : 0;
        int home = here && track.source ? track.holds.home(lease) : Records.LOG;
        long place = home == Records.LOG ? log.reserve(bytes) : log.reserveApart(bytes);
        if (place == ReservoirLog.NO_PAGES) {
            return false;
        }
        if (place == ReservoirLog.REFUSED) {
            refused++;
            miss(track, Missed.REFUSED, lease.descriptor());
            track.release();
        } else {
            stored.load(lease.descriptor());
            if (here && home == Records.LOG) {
                copy(lease, place + Records.HEADER);
            }
            log.records.write(place, bytes, track.formatNumber(lease.format()), home);
            stored.copyTo(log.memory(), place);
            publish(track, place, bytes, home);
        }
        return true;
    }

    private void copy(Lease lease, long place) {
        if (lease.copyOutTested(log.mapping(), place) == Checksum.WRONG) {
            stored.addFlags(Descriptor.CORRUPT); // kept and marked: to take it in silently or to drop it would hide it
        }
        stored.payload(Abi.PAYLOAD_MEMORY, place, 0, stored.handle(2));
    }

    private void publish(SourceTrack track, long place, long bytes, int home) {
        if (track.release()) {
            long canonicalNs = canonicalNs(stored.hostTimeNs());
            long ordinal = track.takeIn(bytes, stored.has(Descriptor.DISCONTINUITY));
            track.ladder.link(place, ordinal);
            track.missed.sees(stored, canonicalNs);
            track.missed.took();
            long entry = log.commit(place, track, ordinal, canonicalNs);
            track.ladder.extend(entry);
            if (home != Records.LOG) {
                track.holds.added(entry);
            }
        } else {
            miss(track, Missed.OVERTAKEN, stored);
        }
    }

    private void miss(SourceTrack track, int reason, Descriptor item) {
        long canonicalNs = canonicalNs(item.hostTimeNs());
        track.missed.sees(item, canonicalNs);
        track.missed.lose(reason, canonicalNs);
    }

    /** Host time, but never the future: one wrong clock would take the edge and the history of all others along. */
    private long canonicalNs(long hostTimeNs) {
        if (hostTimeNs > nowNs) {
            nowNs = HostClock.nowNs();
        }
        return Math.min(hostTimeNs, nowNs);
    }
}
