// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import mimir.api.BadInputException;
import mimir.api.report.Reporter;
import mimir.api.reservoir.Reservoir;
import mimir.api.rig.Rigs;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.Descriptor;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingReader;
import mimir.ring.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** A driver, native code included, is replaced while another carries its load. */
@Timeout(120)
class SwapTest extends RingsTest {
    private static final String A = "mimir.driver.sim";
    private static final String B = "mimir.driver.sim.b";
    private static final String LIBRARY_A = "libmimir_driver_sim.so";

    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectBundleContext
    BundleContext context;
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs;

    @Test
    void shouldLoseNothingElsewhereAndKeepTheHistory() throws Exception {
        Platform.load(rigs, Platform.rig(sixCamerasAndAudioOnB("load", cameraOnA("swapped"))));
        var reservoir = reservoirs.waitForService(10_000);
        Platform.await(() -> published("swapped") > 30 && published("load.audio") > 3_000, () -> "not running");
        int epoch = epoch("swapped");
        long region = rings.find("swapped").orElseThrow().stats().regionId();
        assertEquals(128, rings.find("swapped").orElseThrow().stats().slotCount(), "two seconds, as its rig says");
        var library = Platform.libraries(LIBRARY_A);
        var consumers = consumers();
        try (var witness = new Witness(workers, ringsOf("load."))) {
            var swapped = swapTouchingNothingElse();
            assertHistoryWithOneDiscontinuity(reservoir, epoch, swapped.gapNs());

            assertEquals(epoch + 1, epoch("swapped"), "exactly one epoch change");
            assertEquals(region, rings.find("swapped").orElseThrow().stats().regionId());
            assertEquals(List.of(epoch, epoch + 1),
                    List.of(swapped.sources().getFirst().epochBefore(), swapped.sources().getFirst().epochAfter()));
            assertOneLibraryForAnother(library, Platform.libraries(LIBRARY_A));
            assertEquals(consumers, consumers(), "consumers are activated once in their life");
            long before = published("load.audio");
            Platform.await(() -> published("load.audio") > before + 3_000, () -> "the other driver stands");
            rigs.unload(Platform.PATIENCE);
            assertTrue(reservoir.drain(20_000_000_000L), "the reservoir did not drain");
            witness.assertSawEverything();
            assertNothingLost("load.");
        }
    }

    private Swapped swapTouchingNothingElse() {
        var touched = new ConcurrentSkipListSet<String>();
        SynchronousBundleListener listener = event -> touched.add(event.getBundle().getSymbolicName());
        context.addBundleListener(listener);
        try {
            var swapped = swapper.swap(A, List.of());
            assertEquals(Swapped.Outcome.SWAPPED, swapped.outcome(), swapped::toString);
            assertEquals(List.of(A, A + ".native"), swapped.refreshed());
            assertEquals(Set.of(A, A + ".native"), touched, "bundles that the framework touched");
            return swapped;
        } finally {
            context.removeBundleListener(listener);
        }
    }

    /** The old library is gone from the process map and the new one is there; parked ones of other tests may stay. */
    private static void assertOneLibraryForAnother(Set<String> before, Set<String> after) {
        assertEquals(before.size(), after.size(), () -> before + " became " + after);
        assertEquals(1, before.stream().filter(one -> !after.contains(one)).count(), () -> before + " and " + after);
    }

    /** The services of those who read: a component that was activated anew registers a new one. */
    private Set<ServiceReference<?>> consumers() {
        return Set.of(context.getServiceReference(Reservoir.class), context.getServiceReference(Reporter.class),
                context.getServiceReference(Rigs.class));
    }

    private void assertHistoryWithOneDiscontinuity(Reservoir reservoir, int epoch, long gapNs) {
        assertTrue(reservoir.drain(20_000_000_000L), "the reservoir did not drain");
        var cursor = reservoir.open("swapped", Long.MIN_VALUE, Long.MAX_VALUE);
        long former = 0;
        long last = 0;
        long breaks = 0;
        while (cursor.next()) {
            boolean isNew = cursor.descriptor().epoch() == epoch + 1;
            former += isNew ? 0 : 1;
            if (isNew && cursor.descriptor().has(Descriptor.DISCONTINUITY)) {
                breaks++;
                assertEquals(gapNs, cursor.descriptor().hostTimeNs() - last, "the gap that was told");
            }
            last = cursor.descriptor().hostTimeNs();
        }
        assertTrue(former >= 30, "frames of the former incarnation that are still readable: " + former);
        assertEquals(1, breaks);
    }

    private void assertNothingLost(String prefix) {
        for (var ring : rings.list()) {
            if (ring.identity().startsWith(prefix)) {
                for (ReaderStats reader : ring.stats().readers()) {
                    assertEquals(0, reader.overtaken() + reader.torn() + reader.checksumErrors(), () ->
                            ring.identity() + " " + reader);
                    assertTrue(reader.conserved(), reader::toString);
                }
                Stalls.assertNothingLost(ring);
            }
        }
    }

    @Test
    void shouldParkADriverThatDoesNotStop() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(A, "hanging", 64, 64, 30, ",\"hangOnStop\":true"))));
        Platform.await(() -> published("hanging") > 3, () -> "not running");
        long region = rings.find("hanging").orElseThrow().stats().regionId();
        int libraries = Platform.libraries(LIBRARY_A).size();

        var swapped = swapper.swap(A, List.of());

        assertEquals(Swapped.Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        var now = rings.find("hanging").orElseThrow().stats();
        assertTrue(now.regionId() != region, "the next incarnation has a region of its own");
        assertEquals(2, now.epoch());
        assertEquals(libraries + 1, Platform.libraries(LIBRARY_A).size(), "the parked one stays mapped beside the new");

        rigs.unload(Platform.PATIENCE);
        assertEquals(Swapped.Outcome.SWAPPED, swapper.swap(A, List.of()).outcome());
        Platform.load(rigs, Platform.rig(List.of(cameraOnA("healthy"))));
        Platform.await(() -> published("healthy") > 3, () -> "a swap gives a driver that hung a new life");
    }

    @Test
    void shouldTouchNothingWhenTheFilesAreWrong() {
        Platform.load(rigs, Platform.rig(List.of(cameraOnA("untouched"))));
        int epoch = epoch("untouched");

        var unknown = assertThrows(BadInputException.class, () -> swapper.swap("no.such.driver", List.of()));
        assertTrue(unknown.getMessage().startsWith("there is no bundle 'no.such.driver' to be swapped; name one of "),
                unknown.getMessage());
        var missing = assertThrows(BadInputException.class, () -> swapper.swap(A, List.of(Path.of("nowhere.jar"))));
        assertEquals("nowhere.jar cannot be read as a file; give a jar of a host or of its fragment, or a folder"
                + " that holds them", missing.getMessage());
        assertEquals(epoch, epoch("untouched"));
    }

    @Test
    void shouldLetReadersFollowTheirSource() {
        Platform.load(rigs, Platform.rig(List.of(cameraOnA("followed"))));
        try (var reader = rings.find("followed").orElseThrow().reader("follower", Profile.EVERY, Start.NOW)) {
            swapper.swap(A, List.of());
            Platform.await(() -> nextIsOfEpoch(reader, 2), () -> "the reader never saw the next epoch: "
                    + reader.stats());
            assertTrue(reader.stats().conserved(), () -> reader.stats().toString());
        }
    }

    private static boolean nextIsOfEpoch(RingReader reader, int epoch) {
        try (var lease = reader.next()) {
            return lease != null && lease.descriptor().epoch() == epoch;
        }
    }

    /** As devices of a rig, to which more may be added. */
    static List<String> sixCamerasAndAudioOnB(String prefix, String more) {
        var devices = new ArrayList<String>();
        for (int camera = 1; camera <= 6; camera++) {
            devices.add(Platform.camera(B, prefix + ".camera." + camera, 640, 480, 60, ""));
        }
        devices.add(Platform.audio(B, prefix + ".audio", 8, 192_000, ""));
        devices.add(more);
        return devices;
    }

    private static String cameraOnA(String id) {
        return Platform.camera(A, id, 320, 240, 60, "");
    }
}
