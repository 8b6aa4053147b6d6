// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import mimir.api.analysis.Analyzers;
import mimir.api.source.AudioSource;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.sync.StreamAlignments;
import mimir.api.time.ClockMaps;
import mimir.ring.HostClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** Streams that see the same, each by a clock of its own: two cameras, and a camera with what switches its lamp. */
@Timeout(90)
class TwinsTest extends RingsTest {
    private static final long S = 1_000_000_000;
    private static final long MS = 1_000_000;
    private static final long RUN_NS = 11 * S;
    private static final double LAST_S = 9;
    private static final double MAPS_NS = 100e3; // how far maps are off in their first seconds, on a busy machine

    @InjectBundleContext
    BundleContext context;
    @InjectService(cardinality = 0)
    ServiceAware<StreamAlignments> known; // comes with the reservoir, which comes with the rig
    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    ClockMaps maps;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    @Test
    void shouldAlignByWhatMovesAndByALampsCode() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera("mimir.driver.sim", "twin.rig", 64, 16, 10, ""))));
        Platform.await(() -> known.getService() != null, () -> "no StreamAlignments");
        long from = HostClock.nowNs() + S / 2;
        try (var left = new Twin.Camera(rings, "twin.left", Scene.moving(), 1 + 20e-6, from, MS);
                var right = new Twin.Camera(rings, "twin.right", Scene.moving(), 1 - 15e-6, from + 7_300_000, 4 * MS);
                var lit = new Twin.Camera(rings, "twin.lit", Scene.lamp(), 1 + 10e-6, from + 3_100_000, 2 * MS);
                var wire = new Twin.Wire(rings, "twin.wire", Scene.lamp(), 1 - 5e-6, from, MS / 2)) {
            try {
                for (var camera : List.of(left, right, lit)) {
                    register(camera, FrameSource.class);
                }
                register(wire, AudioSource.class);
                analyzers.attach("motion", List.of("twin.left"), Map.of());
                analyzers.attach("motion", List.of("twin.right"), Map.of());
                analyzers.attach("brightness", List.of("twin.lit"), Map.of());
                run(List.of(left, right, lit, wire), from, right);

                check(left, right, "motion", 5e6);
                check(wire, lit, "light code", 200e3);
                check(lit, wire, "light code", 200e3);
            } finally {
                analyzers.detach("motion", List.of("twin.left"));
                analyzers.detach("motion", List.of("twin.right"));
                analyzers.detach("brightness", List.of("twin.lit"));
                registrations.forEach(ServiceRegistration::unregister);
            }
        }
        rigs.unload(Platform.PATIENCE);
    }

    private void register(Source source, Class<?> kind) {
        registrations.add(context.registerService(new String[] {Source.class.getName(), kind.getName()}, source,
                SourceProperties.of(source)));
    }

    /** All of them for some seconds; one begins anew on the way, and what came before still counts. */
    private static void run(List<Twin> twins, long from, Twin unsteady) {
        boolean steady = true;
        var next = twins.getFirst();
        while (next.dueNs() < from + RUN_NS) {
            for (long now = HostClock.nowNs(); now < next.dueNs(); now = HostClock.nowNs()) {
                LockSupport.parkNanos(next.dueNs() - now);
            }
            next.publish();
            if (steady && next == unsteady && next.dueNs() > from + RUN_NS / 2) {
                next.epoch();
                steady = false;
            }
            next = twins.stream().min(Comparator.comparingLong(Twin::dueNs)).orElseThrow();
        }
    }

    private void check(Twin first, Twin second, String evidence, double mostNs) {
        var found = known.getService().align(first.id(), second.id(), LAST_S);
        double expected = late(second) - late(first);
        var what = found + ", expected " + expected;
        assertThat(found.evidence()).as(what).isEqualTo(evidence);
        assertThat(found.uncertaintyNs()).as(what).isLessThan(mostNs);
        assertThat(found.offsetNs()).as(what).isCloseTo(expected, within(2 * found.uncertaintyNs() + MAPS_NS));
    }

    /** By what the map of a source is later than the truth. */
    private double late(Twin twin) {
        long[] item = twin.before(LAST_S / 2 * S);
        return maps.of(twin.id()).canonicalNs(item[0]) - item[1];
    }
}
