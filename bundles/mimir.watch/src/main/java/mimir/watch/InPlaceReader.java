// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import mimir.api.time.ClockMaps;
import mimir.api.work.Worker;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Looks at the newest item of every source five times a second, in place, tests its checksum and holds its clock map
 * against the truth, where somebody tells it: the platform's own witness that readers cost no copy. Single-writer:
 * rings are added by control threads, all else belongs to the worker.
 */
final class InPlaceReader {
    private static final long PERIOD_NS = 200_000_000;

    /** A source and where it is read. */
    private record Seat(RingReader reader, Looks looks) {
    }

    private final Map<String, Looks> looks = new ConcurrentSkipListMap<>();
    private volatile Seat[] seats = {};
    private volatile ClockMaps maps;

    synchronized void add(Ring ring) {
        for (var seat : seats) {
            if (seat.reader().source().equals(ring.identity())) {
                return; // the reader follows its source through a swap
            }
        }
        var more = Arrays.copyOf(seats, seats.length + 1);
        more[seats.length] = new Seat(ring.reader("watch", Profile.LATEST, Start.OLDEST), looks(ring.identity()));
        seats = more;
    }

    /** Who knows the clock maps; null for nobody. */
    void maps(ClockMaps now) {
        maps = now;
    }

    /** Looks at a source, by its identity; there are some for each that was or told the truth. */
    Looks looks(String id) {
        return looks.computeIfAbsent(id, Looks::new);
    }

    Map<String, Looks> looks() {
        return looks;
    }

    void run(Worker self) {
        while (!self.stopping()) {
            self.count(look());
            self.pause(PERIOD_NS);
        }
    }

    /** Looks once at each source. Returns how many items there were. */
    int look() {
        int items = 0;
        for (var seat : seats) {
            Lease lease = seat.reader().next();
            if (lease != null) {
                lease.verify();
                seat.looks().look(lease.descriptor(), maps);
                items += lease.release() ? 1 : 0;
            }
        }
        return items;
    }

    void close() {
        for (var seat : seats) {
            seat.reader().close();
        }
    }
}
