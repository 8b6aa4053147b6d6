// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The edge, views and sets over random rates, sizes, gaps, swaps, epochs, pins and clocks, compared with a list of all
 * that was taken in. {@code -Dmimir.model.seeds=1000} tries as many; the seed stands in what fails.
 */
@Timeout(600)
class ModelTest {
    private static final long MS = 1_000_000;
    private static final int STEPS = 1_500;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("mimir.model.seeds", 12));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldBeAsAListOfAllItemsSays(long seed) {
        tryOut(seed, false);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void shouldBeAsAListOfAllItemsSaysWhereTheyStayInTheirRings(long seed) {
        tryOut(seed, true);
    }

    private static void tryOut(long seed, boolean rings) {
        var random = new Random(seed);
        try (var model = new Model(random, rings)) {
            var pins = new ArrayList<Reservoir.Pin>();
            for (int step = 0; step < STEPS; step++) {
                model.step();
                if (random.nextInt(40) == 0) {
                    pinOrUnpin(model, random, pins);
                }
                if (random.nextInt(60) == 0) {
                    var about = "seed " + seed + ", step " + step;
                    assertEdge(model, about);
                    assertViews(model, random, about);
                    assertSets(model, random, about);
                }
            }
            assertThat(model.gone()).as("seed %d: something went past the edge", seed).isPositive();
        }
    }

    private static void pinOrUnpin(Model model, Random random, List<Reservoir.Pin> pins) {
        if (!pins.isEmpty() && random.nextBoolean()) {
            pins.removeFirst().close();
            model.pins.removeFirst();
            return;
        }
        long from = model.nowNs() - random.nextLong(3_000 * MS);
        try {
            pins.add(model.feed.pins.pin(from));
            model.pins.add(from);
        } catch (BadInputException refused) {
            assertThat(refused).hasMessageContaining("window");
        }
    }

    private static void assertEdge(Model model, String about) {
        var log = model.feed.ingest.log();
        assertThat(log.edge()).as(about).isGreaterThanOrEqualTo(model.lastEdge);
        model.lastEdge = log.edge();
        for (long from : model.pins) {
            assertThat(log.edge()).as(about + ": the edge waits for pins").isLessThanOrEqualTo(from);
        }
        long taken = model.sources.stream().mapToLong(source -> source.taken.size()).sum();
        assertThat(model.published).as(about + ": conserved").isEqualTo(taken + model.feed.ingest.refused());
        if (model.pins.isEmpty()) {
            assertThat(model.refusedUnpinned).as(about).isZero();
        }
        for (var source : model.sources) {
            var track = model.feed.ingest.track(source.id);
            assertThat(track.taken()).as(about).isEqualTo(source.taken.size());
            assertThat(track.items() + track.evicted()).as(about).isEqualTo(source.taken.size());
            assertThat(track.lost()).as(about).isZero();
        }
    }

    private static void assertViews(Model model, Random random, String about) {
        long from = model.nowNs() - random.nextLong(8_000 * MS);
        long to = random.nextInt(4) == 0 ? Long.MAX_VALUE : from + random.nextLong(4_000 * MS);
        for (var source : model.sources) {
            var cursor = model.feed.cursor(source.id, from, to);
            var found = new ArrayList<String>();
            while (cursor.next()) {
                assertThat(Feed.holdsItsSequence(cursor) && cursor.intact()).as(about).isTrue();
                found.add(cursor.descriptor().epoch() + ":" + cursor.descriptor().sequence());
            }
            var expected = model.there(source).stream().filter(item -> item.hostNs() >= from && item.hostNs() < to)
                    .map(Model.Taken::name).toList();
            assertThat(found).as("%s: %s from %d to %d", about, source.id, from, to).isEqualTo(expected);
            assertNearest(model, source, from, about);
        }
    }

    private static void assertNearest(Model model, Model.Source source, long ns, String about) {
        var there = model.there(source);
        var cursor = model.feed.cursor(source.id, Long.MIN_VALUE, Long.MAX_VALUE);
        assertThat(cursor.nearest(ns)).as(about).isEqualTo(!there.isEmpty());
        if (!there.isEmpty()) {
            long best = there.stream().mapToLong(item -> Math.abs(item.hostNs() - ns)).min().orElseThrow();
            assertThat(Math.abs(cursor.canonicalNs() - ns)).as("%s: %s at %d", about, source.id, ns)
                    .isEqualTo(best);
        }
    }

    private static void assertSets(Model model, Random random, String about) {
        long from = model.nowNs() - 3_000 * MS - random.nextLong(5_000 * MS);
        long to = from + random.nextLong(600 * MS);
        long tolerance = random.nextLong(30 * MS);
        var sets = model.sets(from, to, tolerance);
        var found = new ArrayList<String>();
        while (sets.next()) {
            found.add(Model.text(sets));
        }
        assertThat(found).as("%s: sets from %d to %d within %d", about, from, to, tolerance)
                .isEqualTo(model.expectedSets(from, to, tolerance));
        sets.at(from);
        for (int i = 0; i < model.sources.size(); i++) {
            var there = model.there(model.sources.get(i));
            long best = there.stream().mapToLong(item -> Math.abs(model.timeNs(item) - from)).min().orElse(-1);
            assertThat(sets.item(i) == null ? -1 : Math.abs(sets.errorNs(i)))
                    .as("%s: %s at %d", about, sets.source(i), from).isEqualTo(best);
        }
    }
}
