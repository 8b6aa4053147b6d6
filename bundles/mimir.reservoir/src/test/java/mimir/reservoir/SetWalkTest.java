// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import mimir.api.time.ClockMap;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of items of several sources, compared with what a search through all of them finds. */
@Timeout(60)
class SetWalkTest {
    private static final long MS = 1_000_000;
    private static final long START_NS = 1_000 * MS;
    private static final List<String> IDS = List.of("a", "b", "c");

    private final Feed feed = new Feed(8L << 20);
    private final TreeMap<String, ClockMap> maps = new TreeMap<>();
    private final Clocks clocks = new Clocks();
    private final TreeMap<String, List<Taken>> taken = new TreeMap<>();

    /** An item: when it was taken by its own clock, where that is mapped, else when it came. */
    private record Taken(String id, long sequence, long timeNs, long hostNs) {
    }

    SetWalkTest() {
        clocks.maps(maps::get);
        for (var id : IDS) {
            feed.source(id, Abi.ITEM_FRAME, 64);
            taken.put(id, new ArrayList<>());
        }
    }

    @AfterEach
    void close() {
        feed.close();
    }

    private void map(String id, long periodNs, long uncertaintyNs) {
        maps.put(id, new ClockMap(id, 1, 0, 0, START_NS, periodNs, uncertaintyNs, "test"));
    }

    private void take(String id, long sequence, long hostNs) {
        var writer = feed.owners.get(id).writer();
        writer.claim();
        writer.descriptor().sequence(sequence).hostTimeNs(hostNs).deviceTime(Descriptor.CLOCK_COUNTER, sequence)
                .shape(1, 16, 16, 64);
        writer.commit();
        feed.ingest.pass();
        var map = maps.get(id);
        taken.get(id).add(new Taken(id, sequence, map == null ? hostNs : map.canonicalNs(sequence), hostNs));
    }

    private SetWalk sets(long fromNs, long toNs, long toleranceNs) {
        var tracks = IDS.stream().map(feed.ingest::track).toList();
        return new SetWalk(feed.ingest.log(), tracks, clocks, fromNs, toNs, toleranceNs);
    }

    private static String text(SetWalk sets) {
        var text = new ArrayList<String>();
        for (int i = 0; i < sets.sources(); i++) {
            var item = sets.item(i);
            text.add(item == null ? "-" : sets.source(i) + item.descriptor().sequence());
        }
        return String.join(" ", text);
    }

    private static List<String> all(SetWalk sets) {
        var all = new ArrayList<String>();
        while (sets.next()) {
            all.add(text(sets));
        }
        return all;
    }

    @Test
    void shouldMatchWithinTheToleranceAndShowTheOthersAlone() {
        for (int i = 0; i < 4; i++) {
            take("a", i, START_NS + 10 * MS * i);
            take("b", i, START_NS + 10 * MS * i + (i == 2 ? 4 : 1) * MS);
        }
        take("c", 0, START_NS + 5_000 * MS);
        assertThat(all(sets(START_NS, START_NS + 35 * MS, 2 * MS)))
                .containsExactly("a0 b0 -", "a1 b1 -", "a2 - -", "- b2 -", "a3 b3 -");
        var sets = sets(START_NS + 5 * MS, START_NS + 15 * MS, 2 * MS);
        assertThat(sets.next()).isTrue();
        assertThat(List.of(sets.instantNs(), sets.errorNs(0), sets.errorNs(1)))
                .containsExactly(START_NS + 10 * MS, 0L, MS);
        assertThat(sets.uncertaintyNs(0)).isEqualTo(20 * MS + Math.round(1e9 / 60));
    }

    @Test
    void shouldWaitForAPartnerThatMayStillCome() {
        take("a", 0, START_NS);
        take("b", 0, START_NS + MS);
        var sets = sets(START_NS, Long.MAX_VALUE, 2 * MS);
        assertThat(sets.next()).as("c may come").isFalse();
        take("c", 0, START_NS + 2 * MS);
        assertThat(sets.next()).isTrue();
        assertThat(text(sets)).isEqualTo("a0 b0 c0");
        take("a", 1, START_NS + 10 * MS);
        assertThat(sets.next()).isFalse();
        take("b", 1, START_NS + 20 * MS);
        take("c", 1, START_NS + 20 * MS);
        assertThat(sets.next()).isTrue();
        assertThat(text(sets)).isEqualTo("a1 - -");
    }

    @Test
    void shouldGoToAnInstantAndOnFromWhereItWas() {
        for (int i = 0; i < 10; i++) {
            take("a", i, START_NS + 10 * MS * i);
            take("b", i, START_NS + 25 * MS * i);
        }
        take("c", 0, START_NS + 5_000 * MS);
        var sets = sets(START_NS, START_NS + 20 * MS, MS);
        assertThat(sets.next()).isTrue();
        assertThat(sets.at(START_NS + 62 * MS)).isTrue();
        assertThat(text(sets)).isEqualTo("a6 b2 c0");
        assertThat(List.of(sets.errorNs(0), sets.errorNs(1))).containsExactly(-2 * MS, -12 * MS);
        assertThat(all(sets)).containsExactly("a1 - -");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldFindWhatASearchThroughAllFinds(long seed) {
        var random = new Random(seed);
        var items = new ArrayList<Taken>();
        for (var id : IDS) {
            long period = (1 + random.nextInt(30)) * MS;
            long delay = random.nextInt(40) * MS;
            if (random.nextBoolean()) {
                map(id, period, 5_000);
            }
            for (int i = 0; i * period < 2_000 * MS; i++) {
                if (random.nextInt(10) > 0) {
                    items.add(new Taken(id, i, 0, START_NS + i * period + delay + random.nextLong(MS)));
                }
            }
        }
        items.sort(Comparator.comparingLong(Taken::hostNs));
        items.forEach(item -> take(item.id(), item.sequence(), item.hostNs()));
        take("a", 100_000, START_NS + 10_000 * MS); // nothing of before comes any more
        taken.get("a").removeLast();

        for (int turn = 0; turn < 20; turn++) {
            long from = START_NS + random.nextLong(1_500 * MS);
            long to = from + random.nextLong(500 * MS);
            long tolerance = random.nextLong(20 * MS);
            assertThat(all(sets(from, to, tolerance))).as("seed %d, %d to %d within %d", seed, from, to, tolerance)
                    .isEqualTo(expected(from, to, tolerance));
            assertNearest(sets(from, to, tolerance), from, seed);
        }
    }

    private List<String> expected(long from, long to, long tolerance) {
        var left = IDS.stream().map(id -> new ArrayList<>(taken.get(id).stream()
                .filter(item -> item.timeNs() >= from && item.timeNs() < to).toList())).toList();
        var sets = new ArrayList<String>();
        while (left.stream().anyMatch(items -> !items.isEmpty())) {
            long until = left.stream().filter(items -> !items.isEmpty())
                    .mapToLong(items -> items.getFirst().timeNs()).min().orElseThrow() + tolerance;
            var set = new ArrayList<String>();
            for (var items : left) {
                boolean in = !items.isEmpty() && items.getFirst().timeNs() <= until;
                set.add(in ? items.getFirst().id() + items.removeFirst().sequence() : "-");
            }
            sets.add(String.join(" ", set));
        }
        return sets;
    }

    private void assertNearest(SetWalk sets, long ns, long seed) {
        assertThat(sets.at(ns)).isTrue();
        for (int i = 0; i < IDS.size(); i++) {
            long best = taken.get(IDS.get(i)).stream().mapToLong(item -> Math.abs(item.timeNs() - ns)).min()
                    .orElseThrow();
            assertThat(Math.abs(sets.errorNs(i))).as("seed %d, %s at %d", seed, IDS.get(i), ns).isEqualTo(best);
        }
    }

    @Test
    void shouldAllocateNothingPerSet() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        map("b", 10 * MS, 5_000);
        for (int i = 0; i < 2_500; i++) {
            take("a", i, START_NS + 10 * MS * i);
            take("b", i, START_NS + 10 * MS * i + MS);
            take("c", i, START_NS + 10 * MS * i);
        }
        for (int turn = 0; turn < 10; turn++) {
            count(sets(START_NS, Long.MAX_VALUE, MS));
        }
        var sets = sets(START_NS, Long.MAX_VALUE, MS);
        long before = threads.getCurrentThreadAllocatedBytes();
        int found = count(sets);
        double each = (threads.getCurrentThreadAllocatedBytes() - before) / 2_500.0;
        assertThat(found).isEqualTo(2_500);
        assertThat(each).isLessThanOrEqualTo(0.5);
    }

    private static int count(SetWalk sets) {
        int found = 0;
        while (sets.next()) {
            found++;
        }
        return found;
    }
}
