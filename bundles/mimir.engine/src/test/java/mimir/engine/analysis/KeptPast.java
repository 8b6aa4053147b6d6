// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.reservoir.ReservoirStats;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.Start;

/** Stands for a reservoir: it keeps what came by the time that the test says. Confined. */
final class KeptPast implements AutoCloseable {
    private final List<Held> held = new ArrayList<>();
    private final RingReader reader;
    long edgeNs = Long.MIN_VALUE;
    int gone; // of the first items, as the edge passed them
    boolean stopped;

    private record Held(Descriptor descriptor, RingFormat format) {
    }

    KeptPast(Ring ring) {
        reader = ring.reader("kept", Profile.EVERY, Start.OLDEST);
    }

    /** Takes in at most so many. */
    KeptPast keep(int items) {
        Lease lease;
        for (int i = 0; i < items && (lease = reader.next()) != null; i++) {
            held.add(new Held(new Descriptor().load(lease.descriptor()), lease.format()));
            lease.release();
        }
        return this;
    }

    /** Takes in all but so many. */
    void keepBut(int items) {
        keep((int) Math.max(0, reader.stats().pending() - items));
    }

    Reservoir reservoir() {
        return reservoir(this);
    }

    /** One that keeps several sources. */
    static Reservoir reservoir(KeptPast... all) {
        var bySource = Arrays.stream(all).collect(Collectors.toMap(past -> past.reader.source(), past -> past));
        return (Reservoir) Proxy.newProxyInstance(KeptPast.class.getClassLoader(), new Class<?>[] {Reservoir.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "open" -> bySource.get(arguments[0]).new Cursor((long) arguments[1]);
                    case "sources" -> bySource.keySet();
                    case "stats" -> new ReservoirStats(0, 0, 0, 0, all[0].edgeNs, 0,
                            all[0].edgeNs == Long.MIN_VALUE ? 0 : 1, 0,
                            List.of());
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    @Override
    public void close() {
        reader.close();
    }

    private final class Cursor implements ReservoirCursor {
        private final MemorySegment memory = MemorySegment.ofArray(new byte[4096]).asReadOnly();
        private final long fromNs;
        private int next;
        private int overtaken;
        private Held now;

        Cursor(long fromNs) {
            this.fromNs = fromNs;
        }

        @Override
        public boolean next() {
            if (stopped) {
                throw new IllegalStateException("the reservoir has stopped");
            }
            overtaken += Math.max(0, gone - next);
            for (next = Math.max(next, gone); next < held.size(); next++) {
                if (held.get(next).descriptor().hostTimeNs() >= fromNs) {
                    now = held.get(next++);
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean nearest(long ns) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long canonicalNs() {
            return now.descriptor().hostTimeNs();
        }

        @Override
        public long overtaken() {
            return overtaken;
        }

        @Override
        public Descriptor descriptor() {
            return now.descriptor();
        }

        @Override
        public RingFormat format() {
            return now.format();
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public long length() {
            return now.descriptor().payloadBytes();
        }

        @Override
        public boolean intact() {
            return next > gone;
        }
    }
}
