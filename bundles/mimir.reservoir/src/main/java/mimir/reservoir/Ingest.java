// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.util.Arrays;
import mimir.ring.Abi;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.Start;

/**
 * Takes items of all sources into the log, in order of their host time, each with one copy and its checksum tested.
 * Sources are added by control threads; everything else belongs to the ingest thread. Single-writer.
 */
final class Ingest implements ReservoirLog.Evictions {
    static final int MOST_SOURCES = 256;
    private static final int MOST_PER_PASS = 8192; // so that a pass ends even when items come as fast as they are taken

    private final ReservoirLog log;
    private final Descriptor stored = new Descriptor();
    private volatile SourceTrack[] tracks = {};
    private volatile long pinnedFrom = Long.MAX_VALUE;
    private volatile long passes;
    private volatile long refused;
    private volatile boolean caughtUp;

    Ingest(long budgetBytes) {
        log = new ReservoirLog(budgetBytes, this);
    }

    ReservoirLog log() {
        return log;
    }

    SourceTrack[] tracks() {
        return tracks;
    }

    long refused() {
        return refused;
    }

    void pinnedFrom(long ns) {
        pinnedFrom = ns;
    }

    /** Passes that are over; a pass that found nothing more to take counts as caught up. */
    long passes() {
        return passes;
    }

    boolean caughtUp() {
        return caughtUp;
    }

    /**
     * Opens a reader on the ring of a source, unless the source is known: a reader outlives its driver. Control thread.
     */
    synchronized boolean add(Ring ring) {
        for (var track : tracks) {
            if (track.id.equals(ring.identity())) {
                return true;
            }
        }
        if (tracks.length >= MOST_SOURCES) {
            return false;
        }
        var more = Arrays.copyOf(tracks, tracks.length + 1);
        more[tracks.length] = new SourceTrack(ring.identity(), tracks.length,
                ring.reader("reservoir", Profile.EVERY, Start.OLDEST));
        tracks = more;
        return true;
    }

    @Override
    public void evicted(int source, long payloadBytes) {
        tracks[source].evicted(payloadBytes);
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
            if (lease != null && lease.descriptor().hostTimeNs() < time) {
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
        long place = log.reserve(bytes, pinnedFrom);
        if (place == 0) {
            if (log.waitsForPages(bytes)) {
                return false;
            }
            refused++;
            track.release();
            return true;
        }
        store(track, lease, place, bytes);
        return true;
    }

    private void store(SourceTrack track, Lease lease, long place, long bytes) {
        var descriptor = lease.descriptor();
        boolean wrong = bytes > 0 && lease.verify() == Checksum.WRONG;
        if (bytes > 0) {
            lease.copyOut(log.memory(), place + ReservoirLog.RECORD_HEADER);
        }
        descriptor.copyTo(log.memory(), place);
        stored.wrap(log.memory(), place);
        if (bytes > 0) {
            stored.payload(Abi.PAYLOAD_MEMORY, place + ReservoirLog.RECORD_HEADER, 0, 0);
        }
        if (wrong) {
            // kept and marked: silently accepting or dropping it would both hide it
            stored.addFlags(Descriptor.CORRUPT);
        }
        int format = track.formatNumber(lease.format());
        if (track.release()) {
            log.commit(place, track.number, track.nextOrdinal(), stored.hostTimeNs(), bytes, format);
            track.tookIn(bytes, stored.has(Descriptor.DISCONTINUITY));
        }
    }

    /** Ends all readers; the ingest thread, or nobody else any more. */
    void closeReaders() {
        for (var track : tracks) {
            track.reader.close();
        }
    }
}
