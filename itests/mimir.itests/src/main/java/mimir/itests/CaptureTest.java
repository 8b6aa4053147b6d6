// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import mimir.api.media.FrameView;
import mimir.api.reservoir.Reservoir;
import mimir.api.work.ThreadStats;
import mimir.api.work.Workers;
import mimir.ring.Checksum;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.RingStats;
import mimir.ring.Start;
import org.junit.jupiter.api.Test;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/**
 * The main job inside a real framework: cameras and audio through rings into one memory, nothing lost, nothing copied
 * twice.
 */
class CaptureTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";

    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs;
    @InjectService(timeout = 10_000)
    Workers workers;

    @Test
    void shouldCarrySixCamerasAndAudioWithoutLoss() {
        Platform.load(rigs, Platform.rig(devices("main")));
        Platform.await(() -> published("main.audio") > 9_000, () -> "blocks so far: " + published("main.audio"));
        rigs.unload(Platform.PATIENCE);
        assertTrue(reservoir().drain(20_000_000_000L), "the reservoir did not drain");

        boolean excused = Stalls.stoodStillMs() > 0;
        for (var ring : statsOf("main.")) {
            var reader = reader(ring, "reservoir");
            assertEquals(ring.published(), reader.delivered() + (excused ? reader.overtaken() : 0), ring.identity());
            assertEquals(0, (excused ? 0 : reader.torn()) + reader.pending() + reader.checksumErrors(),
                    reader::toString);
            assertTrue(reader.conserved(), reader::toString);
            assertEquals(1.0, reader.copiedPerDelivered(), ring.identity());
            assertEquals(0, ring.payloadCopied(), "the device writes straight into the ring");
        }
    }

    @Test
    void shouldServeAllDevicesOfAFamilyWithOneThread() {
        Platform.load(rigs, Platform.rig(devices("family").subList(0, 1)));
        awaitItems("family.");
        long one = nativeThreads();
        Platform.load(rigs, Platform.rig(devices("families").subList(0, 6)));
        awaitItems("families.");

        assertEquals(one, nativeThreads(), "threads of the driver with one camera and with six");
    }

    @Test
    void shouldLetAPlugInReadFramesInPlace() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "inplace.camera", 320, 240, 60, ""))));
        var frame = new FrameView();
        try (var reader = rings.find("inplace.camera").orElseThrow().reader("plug-in", Profile.EVERY, Start.NOW)) {
            for (int seen = 0; seen < 30; seen++) {
                seen -= look(reader, frame) ? 0 : 1;
            }
            assertEquals(0, reader.stats().bytesCopied());
            assertTrue(reader.stats().conserved());
        }
    }

    private static boolean look(RingReader reader, FrameView frame) {
        var lease = reader.next();
        if (lease == null) {
            assertTrue(reader.await(5_000_000_000L), "no frame for five seconds");
            return false;
        }
        frame.wrap(lease);
        assertEquals(320, frame.width());
        assertEquals(lease.descriptor().sequence(),
                frame.memory().get(ValueLayout.JAVA_LONG, frame.planeOffset(0) + 8), "the frame's own mark");
        assertEquals(Checksum.RIGHT, lease.verify());
        return lease.release();
    }

    @Test
    void shouldWalkTheReservoirInPlaceAndInOrder() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "walk.camera", 320, 240, 60, ""))));
        Platform.await(() -> published("walk.camera") > 60, () -> "frames so far: " + published("walk.camera"));
        assertTrue(reservoir().drain(20_000_000_000L), "the reservoir did not drain");

        var cursor = reservoir().open("walk.camera", Long.MIN_VALUE, Long.MAX_VALUE);
        long items = 0;
        long last = Long.MIN_VALUE;
        while (cursor.next()) {
            assertTrue(cursor.canonicalNs() >= last, "in order of canonical time");
            assertEquals(320 * 240 * 2, cursor.length());
            assertTrue(cursor.memory().isReadOnly() && cursor.intact());
            last = cursor.canonicalNs();
            items++;
        }
        assertTrue(items >= 60, "frames in the reservoir: " + items);
    }

    @Test
    void shouldTellWhatADeviceLostAndWhy() {
        var faults = ",\"missing\":{\"probability\":0.1}";
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "faulty.camera", 64, 64, 120, faults))));
        Platform.await(() -> published("faulty.camera") > 200, () -> "frames so far: " + published("faulty.camera"));
        rigs.unload(Platform.PATIENCE);
        assertTrue(reservoir().drain(20_000_000_000L), "the reservoir did not drain");

        var ring = statsOf("faulty.camera").getFirst();
        long missing = ring.droppedAtSource().values().stream().mapToLong(Long::longValue).sum();
        long gaps = gapsIn("faulty.camera");
        assertTrue(missing > 0, "a tenth of the frames goes missing");
        assertTrue(gaps <= missing && gaps >= missing - 1, "gaps told by descriptors: " + gaps
                + ", counted at the source: " + missing);
    }

    private long gapsIn(String source) {
        var cursor = reservoir().open(source, Long.MIN_VALUE, Long.MAX_VALUE);
        long gaps = 0;
        while (cursor.next()) {
            gaps += cursor.descriptor().gapItems();
        }
        return gaps;
    }

    /** It comes with the first rig, which sets its budget. */
    private Reservoir reservoir() {
        try {
            return reservoirs.waitForService(10_000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static List<String> devices(String prefix) {
        var devices = new ArrayList<String>();
        for (int camera = 1; camera <= 6; camera++) {
            devices.add(Platform.camera(SIM, prefix + ".camera." + camera, 640, 480, 60, ""));
        }
        devices.add(Platform.audio(SIM, prefix + ".audio", 8, 192_000, ""));
        return devices;
    }

    private long nativeThreads() {
        return workers.threads().stream().filter(ThreadStats::nativeThread).count();
    }

    /** A source is there before its device runs, and that before its thread is in the accounts. */
    private void awaitItems(String prefix) {
        Platform.await(() -> statsOf(prefix).stream().allMatch(ring -> ring.published() > 0) && nativeThreads() > 0,
                () -> "not all run: " + statsOf(prefix));
    }

    private List<RingStats> statsOf(String prefix) {
        return rings.list().stream().map(Ring::stats).filter(ring -> ring.identity().startsWith(prefix)).toList();
    }

    private static ReaderStats reader(RingStats ring, String name) {
        return ring.readers().stream().filter(reader -> reader.name().equals(name)).findFirst().orElseThrow();
    }
}
