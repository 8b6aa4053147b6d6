// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import mimir.api.time.ClockMap;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;

/**
 * Sources that send at random, in simulated time, into a real log, and the list of what was taken in, which is searched
 * from end to end. Confined.
 */
final class Model implements AutoCloseable {
    private static final long MS = 1_000_000;
    private static final long START_NS = 1_000 * MS;
    private static final int MOST_BYTES = 40_000;

    final Feed feed;
    private final Set<String> inPlace = new TreeSet<>();
    final List<Source> sources = new ArrayList<>();
    final List<Long> pins = new ArrayList<>();
    long lastEdge = Long.MIN_VALUE;
    long published;
    private long nowNs = START_NS;
    long refusedUnpinned;
    private final Random random;
    private final Map<String, ClockMap> maps = new LinkedHashMap<>();
    private final Clocks clocks = new Clocks();

    /** An item that was taken in. */
    record Taken(String id, int epoch, long sequence, long hostNs) {
        String name() {
            return epoch + ":" + sequence;
        }
    }

    /** One that sends. */
    final class Source {
        final String id;
        final List<Taken> taken = new ArrayList<>();
        private final int kind;
        private final long periodNs;
        private final long delayNs;
        private final boolean mapped;
        private int room;
        private RingOwner owner;
        private int epoch;
        private long sequence;
        private long baseNs;
        private long nextNs;

        Source(String id) {
            this.id = id;
            kind = inPlace.contains(id) ? Abi.ITEM_FRAME : Feed.kind(random.nextInt(3)); // 64 slots, not thousands
            periodNs = (5 + random.nextInt(random.nextBoolean() ? 30 : 1_500)) * MS;
            delayNs = random.nextInt(30) * MS;
            mapped = random.nextBoolean();
            room = 8 * (1 + random.nextInt(MOST_BYTES / 8));
            nextNs = START_NS + random.nextLong(periodNs);
            open();
        }

        private void open() {
            var format = new RingFormat(1, 0, 16, 16, 60, 1, List.of(0L), List.of(16), room, 0);
            owner = feed.store.open(new RingSpec(id, kind, 60, room, format, RingSpec.Writer.JAVA), "test");
            feed.owners.put(id, owner);
            feed.ingest.add(owner.ring());
            begin(owner.epoch());
        }

        /** The driver goes, and another comes, whose items are larger at times. */
        private void swap() {
            owner.close();
            room = random.nextBoolean() ? room : 8 * (1 + random.nextInt(MOST_BYTES / 8));
            open();
        }

        private void begin(int now) {
            epoch = now;
            sequence = 0;
            baseNs = nextNs;
            if (mapped) {
                maps.put(id, new ClockMap(id, epoch, 0, 0, baseNs, periodNs, 5_000, "model"));
            }
        }

        private void send() {
            if (random.nextInt(150) == 0) {
                swap();
            } else if (random.nextInt(100) == 0) {
                begin(owner.writer().nextEpoch());
            }
            publish(nextNs + delayNs + random.nextLong(MS));
            long passed = random.nextInt(15) > 0 ? 1 : 2 + random.nextInt(4); // the others are lost
            sequence += passed;
            nextNs += passed * periodNs;
        }

        private void publish(long hostNs) {
            int bytes = 8 * (1 + random.nextInt(room / 8));
            var writer = owner.writer();
            long at = writer.claim();
            for (int word = 0; word + 8 <= bytes; word += 8) {
                writer.memory().set(ValueLayout.JAVA_LONG, at + word, sequence);
            }
            writer.descriptor().sequence(sequence).hostTimeNs(hostNs).deviceTime(Descriptor.CLOCK_COUNTER, sequence)
                    .shape(owner.formatId(), 16, 16, bytes);
            writer.commit();
            published++;
            long before = feed.ingest.track(id).taken();
            feed.ingest.pass();
            if (feed.ingest.track(id).taken() > before) {
                nowNs = Math.max(nowNs, hostNs);
                taken.add(new Taken(id, epoch, sequence, hostNs));
            } else if (pins.isEmpty()) {
                refusedUnpinned++;
            }
        }
    }

    /** @param rings let items of some sources stay in their rings */
    Model(Random random, boolean rings) {
        this.random = random;
        clocks.maps(maps::get);
        int number = 2 + random.nextInt(4);
        for (int i = 0; i < number; i++) {
            if (rings && random.nextInt(3) > 0) {
                inPlace.add("s" + i);
            }
        }
        feed = new Feed(2L << 20, Map.of("deep", inPlace.toArray(String[]::new)));
        for (int i = 0; i < number; i++) {
            sources.add(new Source("s" + i));
        }
    }

    /** The source whose turn it is sends. */
    void step() {
        var next = sources.getFirst();
        for (var source : sources) {
            next = source.nextNs + source.delayNs < next.nextNs + next.delayNs ? source : next;
        }
        next.send();
    }

    /** When the newest item came that was taken in. */
    long nowNs() {
        return nowNs;
    }

    long gone() {
        return feed.ingest.log().first();
    }

    /** What was taken in and is not behind the edge. */
    List<Taken> there(Source source) {
        long edge = feed.ingest.log().edge();
        return source.taken.stream().filter(item -> item.hostNs() >= edge).toList();
    }

    /** By the clock map where it is of the item's epoch. */
    long timeNs(Taken item) {
        var map = maps.get(item.id());
        return map != null && map.epoch() == item.epoch() ? map.canonicalNs(item.sequence()) : item.hostNs();
    }

    SetWalk sets(long fromNs, long toNs, long toleranceNs) {
        var tracks = sources.stream().map(source -> feed.ingest.track(source.id)).toList();
        return new SetWalk(feed.ingest.log(), tracks, clocks, fromNs, toNs, toleranceNs);
    }

    static String text(SetWalk sets) {
        var text = new ArrayList<String>();
        for (int i = 0; i < sets.sources(); i++) {
            var item = sets.item(i);
            text.add(item == null ? "-" : item.descriptor().epoch() + ":" + item.descriptor().sequence());
        }
        return String.join(" ", text);
    }

    /** The earliest item that is left, and of each other source its next one within the tolerance. */
    List<String> expectedSets(long fromNs, long toNs, long toleranceNs) {
        var left = sources.stream().map(source -> new ArrayList<>(there(source).stream()
                .filter(item -> timeNs(item) >= fromNs && timeNs(item) < toNs).toList())).toList();
        var sets = new ArrayList<String>();
        while (left.stream().anyMatch(items -> !items.isEmpty())) {
            long until = left.stream().filter(items -> !items.isEmpty())
                    .mapToLong(items -> timeNs(items.getFirst())).min().orElseThrow() + toleranceNs;
            var set = new ArrayList<String>();
            for (var items : left) {
                boolean in = !items.isEmpty() && timeNs(items.getFirst()) <= until;
                set.add(in ? items.removeFirst().name() : "-");
            }
            sets.add(String.join(" ", set));
        }
        return sets;
    }

    @Override
    public void close() {
        feed.close();
    }
}
