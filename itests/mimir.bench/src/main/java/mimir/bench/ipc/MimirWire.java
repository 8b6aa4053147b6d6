// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.nio.file.Path;
import mimir.bench.EventRing;
import mimir.bench.handoff.MimirLane;
import mimir.bench.handoff.Observer;
import mimir.ring.ForeignRing;
import mimir.ring.ForeignRings;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.Start;
import mimir.ring.Waiting;

/** Our ring, found by its manifest and read in place. */
final class MimirWire implements Wire {
    @Override
    public Outlet outlet(Path folder, String name, Wait wait) {
        var ring = new EventRing(name, folder);
        var writer = ring.owner().writer();
        return new Outlet() {
            @Override
            public void put(long sequence, long timeNs) {
                MimirLane.awaitRoom(writer);
                MimirLane.fill(writer, sequence, timeNs);
                writer.stage();
            }

            @Override
            public void flush() {
                writer.publish();
            }

            @Override
            public void close() {
                ring.close();
            }
        };
    }

    @Override
    public Inlet inlet(Path folder, String name, Wait wait) {
        var ring = new ForeignRings(folder).open(name);
        var waiting = switch (wait) {
            case SPIN -> Waiting.SPIN;
            case YIELD -> Waiting.YIELD;
            case SLEEP -> Waiting.DOORBELL;
        };
        return new Reading(ring, ring.reader("bench", Profile.LOSSLESS, Start.OLDEST, waiting));
    }

    /** Confined to its thread. */
    private record Reading(ForeignRing ring, RingReader reader) implements Inlet {
        @Override
        public int take(Observer observer) {
            int seen = 0;
            while (MimirLane.poll(reader, observer) > 0) {
                seen++;
            }
            return seen;
        }

        @Override
        public void await() {
            reader.await(PATIENCE_NS);
        }

        @Override
        public void close() {
            reader.close();
            ring.close();
        }
    }
}
