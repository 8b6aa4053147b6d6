// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Predicate;
import mimir.api.BadInputException;
import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.api.source.Control;
import mimir.api.time.TruthSource;
import mimir.ring.Checksum;
import mimir.ring.DropReason;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingOwner;
import mimir.ring.RingReader;
import mimir.ring.RingStore;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The built library, the Java that drives it and the ring between them, without OSGi. */
class NativeTest {
    private static final Path LIBRARY = Path.of("target/native/libmimir_driver_sim.so");
    private static final long SECOND_NS = 1_000_000_000L;

    /** On a busy machine the test, or only its compiler, may be away for longer than a second. */
    private static final double SECONDS = 4;
    private static final long PATIENCE_NS = 20 * SECOND_NS;

    private final RingStore rings = new RingStore(Map.of("seconds", SECONDS));
    private final Arena arena = Arena.ofShared();
    private SimNative library;
    private MemorySegment engine;

    @BeforeEach
    void load() {
        library = new SimNative(LIBRARY, arena);
        engine = library.open("mimir-sim", arena.allocate(SimNative.STATUS_BYTES, 64));
    }

    @AfterEach
    void unload() {
        assertThat(library.stopAndClose(engine, PATIENCE_NS)).isTrue();
        arena.close();
        rings.close();
    }

    @Test
    void shouldDeliverFramesThatVerifyThemselves() {
        var view = new FrameView();
        run("sim.camera.1", ScenarioReader.CAMERA, "{\"rateHz\":100,\"mode\":{\"width\":128,\"height\":96}}", 100,
                lease -> Content.right(view.wrap(lease)));
    }

    @Test
    void shouldDeliverBlocksThatVerifyThemselves() {
        var view = new AudioView();
        run("sim.audio.1", ScenarioReader.AUDIO, "{}", 3000, lease -> Content.right(view.wrap(lease)));
    }

    @Test
    void shouldGiveEveryMemberToTheLibrary() {
        var id = "sim.camera.2";
        var scenario = ScenarioReader.read(id, ScenarioReader.CAMERA, """
                {"rateHz": 200, "mode": {"width": 64, "height": 48, "format": "GREY"}, "phaseMs": 3,
                 "clock": {"driftPpm": 10000, "tickHz": 90000, "steps": [{"atS": 0.05, "byMs": 1000}]},
                 "jitter": {"delayUs": 20000}, "batchMs": 1, "missing": {"sequences": [4, 5]},
                 "unplugs": [{"atS": 0.2, "forS": 0.1}]}""");
        var owner = rings.open(scenario.ring(id), "test");
        try (var truth = new SimTruth(id); var reader = owner.ring().reader("test", Profile.EVERY, Start.OLDEST)) {
            int device = start(scenario, owner, truth);
            var items = new ArrayList<Seen>();
            while (items.isEmpty() || items.getLast().epoch() == 1) {
                items.add(Seen.of(next(reader), truth));
            }
            assertThat(library.remove(engine, device, PATIENCE_NS)).isTrue();
            assertThat(items).extracting(Seen::sequence).startsWith(0L, 1L, 2L, 3L, 6L).endsWith(0L);
            assertThat(items).extracting(Seen::gap).startsWith(0, 0, 0, 0, 2);
            assertThat(items).allMatch(item -> item.lateNs() >= 22_500_000);
            assertThat(items.get(1).trueNs() - items.get(0).trueNs()).isEqualTo(5_050_000);
            assertThat(items.get(1).ticks() - items.get(0).ticks()).isEqualTo(450);
            assertThat(items.get(9).ticks() - items.get(6).ticks()).isEqualTo(3 * 450 + 90_000);
            assertThat(items.getLast().trueNs() - items.getFirst().trueNs()).isBetween(297_000_000L, 305_000_000L);
        } finally {
            owner.close();
        }
    }

    private record Seen(int epoch, long sequence, int gap, long ticks, long trueNs, long lateNs) {
        static Seen of(Lease lease, SimTruth truth) {
            var item = lease.descriptor();
            long trueNs = truth.trueNs(item.epoch(), item.sequence());
            var seen = new Seen(item.epoch(), item.sequence(), item.gapItems(), item.deviceTime(), trueNs,
                    item.hostTimeNs() - trueNs);
            lease.release();
            return seen;
        }
    }

    @Test
    void shouldShowWhatWasSetInTheNextFrames() {
        var id = "sim.camera.3";
        var scenario = ScenarioReader.read(id, ScenarioReader.CAMERA,
                "{\"rateHz\":100,\"mode\":{\"width\":64,\"height\":48}}");
        var owner = rings.open(scenario.ring(id), "test");
        try (var truth = new SimTruth(id); var controls = new SimControls(id, scenario.mode());
                var reader = owner.ring().reader("test", Profile.EVERY, Start.OLDEST)) {
            int device = start(scenario, owner, truth, controls.memory());
            assertThat(light(reader, 0)).isZero();
            controls.write(Map.of("exposure", 5000L, "gain", 1.5, "led", true));
            assertThat(controls.read()).extracting(Control::value).containsExactly(5000L, 1.5, true);
            assertThat(light(reader, 2)).isEqualTo(-250);
            assertThatThrownBy(() -> controls.write(Map.of("gain", 2.0, "exposure", 10_001L)))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("exposure cannot be '10001': give a whole number, 1 to 10000 us");
            assertThat(controls.read().get(1).value()).isEqualTo(1.5);
            assertThat(library.remove(engine, device, PATIENCE_NS)).isTrue();
        } finally {
            owner.close();
        }
    }

    /** What the mark of the first frame with these flags, flashes aside, tells of the light. */
    private static int light(RingReader reader, int flags) {
        while (true) {
            var lease = next(reader);
            int told = lease.memory().get(ValueLayout.JAVA_INT_UNALIGNED, lease.offset() + 24) & ~1;
            int light = lease.memory().get(ValueLayout.JAVA_INT_UNALIGNED, lease.offset() + 28);
            if (lease.release() && told == flags) {
                return light;
            }
        }
    }

    private int start(Scenario scenario, RingOwner owner, SimTruth truth) {
        return start(scenario, owner, truth, MemorySegment.NULL);
    }

    private int start(Scenario scenario, RingOwner owner, SimTruth truth, MemorySegment controls) {
        try (var call = Arena.ofConfined()) {
            var config = SimConfig.of(scenario, owner.formatId(), call);
            int device = library.add(engine, config, owner.region(), owner.hints(), truth.memory(),
                    controls);
            library.start(engine, device, PATIENCE_NS);
            return device;
        }
    }

    private static Lease next(RingReader reader) {
        Lease lease;
        while ((lease = reader.next()) == null) {
            assertThat(reader.await(PATIENCE_NS)).as("another item").isTrue();
        }
        return lease;
    }

    private void run(String id, String kind, String json, int items, Predicate<Lease> right) {
        var scenario = ScenarioReader.read(id, kind, json);
        var owner = rings.open(scenario.ring(id), "test");
        try (var truth = new SimTruth(id); var reader = owner.ring().reader("test", Profile.EVERY, Start.OLDEST)) {
            int device = start(scenario, owner, truth);
            for (int i = 0; i < items; i++) {
                check(next(reader), truth, right);
            }
            assertThat(library.remove(engine, device, PATIENCE_NS)).isTrue();
            account(owner, truth);
            assertThat(reader.stats().torn()).isZero();
            assertThat(reader.stats().conserved()).isTrue();
        } finally {
            owner.close();
        }
    }

    private static void check(Lease lease, SimTruth truth, Predicate<Lease> right) {
        var descriptor = lease.descriptor();
        long lateNs = descriptor.hostTimeNs() - truth.trueNs(descriptor.epoch(), descriptor.sequence());
        assertThat(truth.trueNs(descriptor.epoch() + 1, descriptor.sequence())).isEqualTo(TruthSource.UNKNOWN);
        assertThat(lateNs).isBetween(0L, (long) (SECONDS * SECOND_NS));
        assertThat(lease.verify()).isEqualTo(Checksum.RIGHT);
        assertThat(right.test(lease)).as("content of item " + descriptor.sequence()).isTrue();
        assertThat(lease.release()).isTrue();
    }

    private static void account(RingOwner owner, SimTruth truth) {
        var stats = owner.ring().stats();
        // a machine that stands still for two seconds makes any device give up items: counted, and nothing else lost
        assertThat(stats.droppedAtSource().keySet()).isSubsetOf(DropReason.OVERRUN);
        assertThat(stats.droppedAtSource().values().stream().mapToLong(Long::longValue).sum())
                .isEqualTo(truth.dropped());
        assertThat(truth.published()).isEqualTo(stats.published());
        assertThat(truth.produced()).isEqualTo(truth.published() + truth.dropped());
        assertThat(stats.payloadCopied()).isZero();
    }
}
