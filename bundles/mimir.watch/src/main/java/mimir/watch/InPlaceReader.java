// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.Arrays;
import mimir.api.work.Worker;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Looks at the newest item of every source five times a second, in place, and tests its checksum: the platform's own
 * witness that readers cost no copy. Single-writer: rings are added by control threads, all else belongs to the worker.
 */
final class InPlaceReader {
    private static final long PERIOD_NS = 200_000_000;

    private volatile RingReader[] readers = {};

    synchronized void add(Ring ring) {
        for (var reader : readers) {
            if (reader.source().equals(ring.identity())) {
                return; // the reader follows its source through a swap
            }
        }
        var more = Arrays.copyOf(readers, readers.length + 1);
        more[readers.length] = ring.reader("watch", Profile.LATEST, Start.OLDEST);
        readers = more;
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
        for (var reader : readers) {
            Lease lease = reader.next();
            if (lease != null) {
                lease.verify();
                items += lease.release() ? 1 : 0;
            }
        }
        return items;
    }

    void close() {
        for (var reader : readers) {
            reader.close();
        }
    }
}
