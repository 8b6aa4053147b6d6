// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import mimir.api.rig.Rigs;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.ring.Descriptor;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingReader;
import mimir.ring.Rings;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;
import org.osgi.test.junit5.service.ServiceExtension;

/** A driver, native code included, is replaced while another carries its load. */
@Timeout(120)
@ExtendWith(ServiceExtension.class)
class SwapTest {
    private static final String A = "mimir.driver.sim";
    private static final String B = "mimir.driver.sim.b";
    private static final String LIBRARY_A = "libmimir_driver_sim.so";

    @InjectService(timeout = 10_000)
    Rigs rigs;
    @InjectService(timeout = 10_000)
    Rings rings;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs;

    @AfterEach
    void leaveNoDriver() {
        rigs.unload(Platform.PATIENCE);
    }

    @Test
    void shouldLoseNothingElsewhereAndKeepTheHistory() throws Exception {
        Platform.load(rigs, Platform.rig(sixCamerasAndAudioOnB("load", cameraOnA("swapped"))));
        var reservoir = reservoirs.waitForService(10_000);
        Platform.await(() -> published("swapped") > 30 && published("load.audio") > 3_000, () -> "not running");
        int epoch = epoch("swapped");

        var swapped = swapper.swap(A, List.of());

        assertEquals(Swapped.Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        assertHistoryWithOneDiscontinuity(reservoir, epoch, swapped.gapNs());
        assertEquals(List.of(A, A + ".native"), swapped.refreshed());
        assertEquals(epoch + 1, epoch("swapped"), "exactly one epoch change");
        assertEquals(List.of(epoch, epoch + 1),
                List.of(swapped.sources().getFirst().epochBefore(), swapped.sources().getFirst().epochAfter()));
        assertEquals(1, Platform.librariesMapped(LIBRARY_A),
                "the old library is gone from the process map, the new one is there");
        assertEquals(reservoir, reservoirs.getService(), "consumers are activated once in their life");
        long before = published("load.audio");
        Platform.await(() -> published("load.audio") > before + 3_000, () -> "the other driver went on");
        rigs.unload(Platform.PATIENCE);
        reservoir.drain(2_000_000_000L);
        assertNothingLost("load.");
    }

    private void assertHistoryWithOneDiscontinuity(Reservoir reservoir, int epoch, long gapNs) {
        reservoir.drain(2_000_000_000L);
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
                assertEquals(0, ring.stats().droppedAtSource().size(), () -> ring.identity() + " "
                        + ring.stats().droppedAtSource());
            }
        }
    }

    @Test
    void shouldLeaveNothingBehindInFiftySwaps() {
        Platform.load(rigs, Platform.rig(List.of(cameraOnA("fifty"), Platform.audio(A, "fifty.audio", 2, 48_000, ""))));
        var threads = new ArrayList<Long>();
        var descriptors = new ArrayList<Long>();
        var mappings = new ArrayList<Long>();
        var classes = new ArrayList<Long>();
        for (int swap = 1; swap <= 50; swap++) {
            var outcome = swapper.swap(A, List.of());
            assertEquals(Swapped.Outcome.SWAPPED, outcome.outcome(), outcome::toString);
            if (swap > 20) {
                threads.add(settled(() -> Platform.count("task")));
                descriptors.add(settled(() -> Platform.count("fd")));
                mappings.add(Platform.mapped("mimir"));
                System.gc(); // class loaders of former drivers go with a collection, and not before
                classes.add((long) ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
            }
        }
        assertWithin(0, threads, "threads");
        assertWithin(0, descriptors, "file descriptors");
        assertWithin(0, mappings, "mappings of Mimir");
        assertWithin(5, classes, "loaded classes");
    }

    /** A count that two looks in a row agree on: the swap's own helpers end shortly after it. */
    private static long settled(LongSupplier count) {
        var last = new long[] {-1};
        Platform.await(() -> {
            long now = count.getAsLong();
            boolean same = now == last[0];
            last[0] = now;
            return same;
        }, () -> "the count never settled");
        return last[0];
    }

    private static void assertWithin(long tolerance, List<Long> counts, String what) {
        long low = counts.stream().mapToLong(Long::longValue).min().orElseThrow();
        long high = counts.stream().mapToLong(Long::longValue).max().orElseThrow();
        assertTrue(high - low <= 2 * tolerance, () -> what + " over the last thirty swaps: " + counts);
    }

    @Test
    void shouldParkADriverThatDoesNotStop() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(A, "hanging", 64, 64, 30, ",\"hangOnStop\":true"))));
        Platform.await(() -> published("hanging") > 3, () -> "not running");
        long region = rings.find("hanging").orElseThrow().stats().regionId();

        var swapped = swapper.swap(A, List.of());

        assertEquals(Swapped.Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        var now = rings.find("hanging").orElseThrow().stats();
        assertTrue(now.regionId() != region, "the next incarnation has a region of its own");
        assertEquals(2, now.epoch());
        assertEquals(2, Platform.librariesMapped(LIBRARY_A), "the parked library stays mapped beside the new one");
    }

    @Test
    void shouldTouchNothingWhenTheFilesAreWrong() {
        Platform.load(rigs, Platform.rig(List.of(cameraOnA("untouched"))));
        int epoch = epoch("untouched");

        var unknown = assertThrows(BadInputException.class, () -> swapper.swap("no.such.driver", List.of()));
        assertTrue(unknown.getMessage().startsWith("there is no driver 'no.such.driver'; drivers are "),
                unknown.getMessage());
        var missing = assertThrows(BadInputException.class, () -> swapper.swap(A, List.of(Path.of("nowhere.jar"))));
        assertEquals("nowhere.jar cannot be read as a file; give the jar of mimir.driver.sim or of its fragment",
                missing.getMessage());
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

    private static List<String> sixCamerasAndAudioOnB(String prefix, String more) {
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

    private long published(String source) {
        return rings.find(source).map(ring -> ring.stats().published()).orElse(0L);
    }

    private int epoch(String source) {
        return rings.find(source).orElseThrow().stats().epoch();
    }
}
