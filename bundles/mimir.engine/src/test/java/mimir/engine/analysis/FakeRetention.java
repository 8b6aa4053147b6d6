// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mimir.api.reservoir.RetainedItems;
import mimir.api.reservoir.Retention;
import mimir.ring.Descriptor;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.Start;

/** A reservoir in copies on the heap: takes in and evicts when the test says so. Confined. */
final class FakeRetention implements Retention {
    private final Map<String, RingReader> readers = new HashMap<>();
    private final Map<String, Ring> rings = new HashMap<>();
    private final Map<String, List<Kept>> items = new HashMap<>();
    private final Map<String, Integer> gone = new HashMap<>();
    long edgeNs = Long.MIN_VALUE;
    boolean stopped;

    /** One copy. Immutable. */
    private record Kept(Descriptor descriptor, RingFormat format, MemorySegment payload) {
    }

    @Override
    public boolean keep(Ring ring) {
        readers.computeIfAbsent(ring.identity(), identity -> ring.reader("retention", Profile.EVERY,
                rings.get(identity) == ring ? Start.NOW : Start.OLDEST));
        rings.put(ring.identity(), ring);
        items.computeIfAbsent(ring.identity(), identity -> new ArrayList<>());
        return true;
    }

    @Override
    public void letGo(Ring ring) {
        take();
        var reader = readers.remove(ring.identity());
        if (reader != null) {
            reader.close();
        }
    }

    /** Takes in what there is. */
    void take() {
        readers.forEach((identity, reader) -> {
            for (var lease = reader.next(); lease != null; lease = reader.next()) {
                var payload = Arena.ofAuto().allocate(lease.length(), 8).copyFrom(
                        lease.memory().asSlice(lease.offset(), lease.length()));
                items.get(identity).add(new Kept(new Descriptor().load(lease.descriptor()), lease.format(), payload));
                lease.release();
            }
        });
    }

    /** What is of an earlier time is gone. */
    void evict(long ns) {
        edgeNs = ns;
        items.forEach((identity, kept) -> {
            while (!kept.isEmpty() && kept.getFirst().descriptor().hostTimeNs() < ns) {
                kept.removeFirst();
                gone.merge(identity, 1, Integer::sum);
            }
        });
    }

    /** Nothing of a ring is there any more. */
    void forget(String identity) {
        items.remove(identity);
    }

    int kept(String identity) {
        return items.getOrDefault(identity, List.of()).size();
    }

    void close() {
        readers.values().forEach(RingReader::close);
    }

    @Override
    public RetainedItems open(String identity) {
        return items.containsKey(identity) ? new Cursor(identity, items.get(identity)) : null;
    }

    /** Confined. */
    private final class Cursor implements RetainedItems {
        private final String identity;
        private final List<Kept> kept;
        private Kept now;
        private int next;

        Cursor(String identity, List<Kept> kept) {
            this.identity = identity;
            this.kept = kept;
        }

        @Override
        public Found seek(Order order) {
            check();
            next = 0;
            now = null;
            while (next < kept.size() && order.compare(kept.get(next).descriptor()) <= 0) {
                now = kept.get(next++);
            }
            return now != null ? Found.THERE : gone.containsKey(identity) ? Found.GONE : Found.NONE;
        }

        @Override
        public boolean next() {
            check();
            now = next < kept.size() ? kept.get(next++) : null;
            return now != null;
        }

        private void check() {
            if (stopped) {
                throw new IllegalStateException("the reservoir has stopped");
            }
        }

        @Override
        public long overtaken() {
            return 0;
        }

        @Override
        public long edgeNs() {
            return edgeNs;
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
            return now.payload();
        }

        @Override
        public long offset() {
            return 0;
        }

        @Override
        public long length() {
            return now.payload().byteSize();
        }

        @Override
        public boolean intact() {
            return kept.contains(now);
        }
    }
}
