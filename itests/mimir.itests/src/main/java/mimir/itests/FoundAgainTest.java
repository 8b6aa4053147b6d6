// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mimir.api.reservoir.Reservoir;
import mimir.api.work.Workers;
import mimir.ring.Item;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.Start;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** Six cameras and sound in place: after each way to restart the reservoir it has what their rings hold. */
@Timeout(90)
class FoundAgainTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";
    private static final int KEPT_PART = 16; // of a ring: so much of it is let go before its writer comes
    private static final long SLACK_NS = 100_000_000; // items come in groups, and late

    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    CommandProcessor processor;
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs; // comes with a rig
    @InjectBundleContext
    BundleContext context;
    private final List<String> sources = new ArrayList<>();

    private interface Way {
        void restart(Bundle bundle) throws BundleException, InterruptedException;
    }

    /** An item, however it is reached. */
    private record Place(int epoch, long sequence, long ns) {
        static Place of(Item item) {
            return new Place(item.descriptor().epoch(), item.descriptor().sequence(), item.descriptor().hostTimeNs());
        }
    }

    private void play() {
        var devices = new ArrayList<String>();
        for (int i = 1; i <= 6; i++) {
            sources.add("again.camera." + i);
            devices.add(Platform.camera(SIM, sources.getLast(), 160, 120, 60, ""));
        }
        sources.add("again.audio");
        devices.add(Platform.audio(SIM, sources.getLast(), 8, 192_000, ""));
        Platform.load(rigs, """
                {"schema":"mimir.rig","version":"1.0","name":"again","rings":{"seconds":2},
                "reservoir":{"bytes":167772160,"own":["%s"]},"devices":[%s]}
                """.formatted(String.join("\",\"", sources), String.join(",", devices)));
    }

    @Test
    void shouldFindAllThatTheRingsHoldAgainHoweverItIsRestarted() throws Exception {
        play();
        Platform.await(() -> sources.stream().allMatch(id -> published(id) > 1.1 * ring(id).stats().slotCount()), () ->
                "the rings have not come round: " + new Prompt(processor).run("rings"));
        try (var witness = new Witness(workers, sources.stream().map(this::ring).toList())) {
            for (int i = 0; i < 2; i++) {
                assertFoundAgain("stopped and started", bundle -> {
                    bundle.stop();
                    bundle.start();
                });
                assertFoundAgain("updated", Bundle::update);
                assertFoundAgain("refreshed", this::refresh);
            }
            witness.assertSawEverything();
        }
        sources.forEach(id -> Stalls.assertNothingLost(ring(id)));
    }

    private void refresh(Bundle bundle) throws InterruptedException {
        var done = new CountDownLatch(1);
        context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(bundle), event -> done.countDown());
        assertTrue(done.await(Platform.PATIENCE.toSeconds(), TimeUnit.SECONDS), "not refreshed");
    }

    private void assertFoundAgain(String how, Way way) throws Exception {
        var bundle = Arrays.stream(context.getBundles()).filter(one -> "mimir.reservoir".equals(one.getSymbolicName()))
                .findFirst().orElseThrow();
        var former = reservoirs.getService();
        way.restart(bundle);
        Platform.await(() -> reservoirs.getService() != null && reservoirs.getService() != former
                && reservoirs.getService().sources().containsAll(sources), () -> "the reservoir does not come back");
        var inRings = sources.stream().map(this::inRing).toList();
        assertTrue(reservoirs.getService().drain(20_000_000_000L), "the reservoir did not drain");
        var found = sources.stream().map(this::inReservoir).toList();
        long edgeNs = sources.stream().mapToLong(id -> inRing(id).getFirst().ns).max().orElseThrow() + SLACK_NS;
        for (int i = 0; i < sources.size(); i++) {
            var there = found.get(i);
            var lacking = inRings.get(i).stream().filter(item -> item.ns >= edgeNs && !there.contains(item)).toList();
            var what = how + ": " + sources.get(i) + " lacks " + lacking.size() + " of " + inRings.get(i).size();
            assertTrue(lacking.isEmpty(), () -> what + ", the first " + lacking.getFirst() + ", and has " + there.size()
                    + " from " + Collections.min(there, Comparator.comparing(Place::ns)));
        }
        for (var source : reservoirs.getService().stats().sources()) {
            assertTrue(source.inPlace() || !sources.contains(source.id()), () -> source + " is copied");
        }
    }

    /** The edge goes on meanwhile. */
    private Set<Place> inReservoir(String source) {
        var found = new HashSet<Place>();
        var cursor = reservoirs.getService().open(source, Long.MIN_VALUE, Long.MAX_VALUE);
        while (cursor.next()) {
            found.add(Place.of(cursor));
        }
        return found;
    }

    /** What its ring keeps now, but for the sixteenth that is let go of before the writer comes; oldest first. */
    private List<Place> inRing(String source) {
        var kept = new ArrayList<Place>();
        int slots = ring(source).stats().slotCount();
        try (var reader = ring(source).reader("look", Profile.EVERY, Start.NOW)) {
            long end = reader.end();
            for (long at = end - slots + slots / KEPT_PART; at < end; at++) {
                var item = reader.peek(at);
                if (item != null) {
                    kept.add(Place.of(item));
                    item.release();
                }
            }
        }
        return kept;
    }

    private Ring ring(String source) {
        return rings.find(source).orElseThrow();
    }
}
