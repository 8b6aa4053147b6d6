// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.api.time.TruthSource;
import mimir.ring.Checksum;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingOwner;
import mimir.ring.RingStore;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The built library, the Java that drives it and the ring between them, without OSGi. */
class NativeTest {
    private static final Path LIBRARY = Path.of("target/native/libmimir_driver_sim.so");
    private static final long SECOND_NS = 1_000_000_000L;

    private final RingStore rings = new RingStore(Map.of());
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
        assertThat(library.stopAndClose(engine, SECOND_NS)).isTrue();
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

    private void run(String id, String kind, String json, int items, Predicate<Lease> right) {
        var scenario = ScenarioReader.read(id, kind, json);
        var owner = rings.open(scenario.ring(id), "test");
        try (var truth = new SimTruth(id); var call = Arena.ofConfined();
                var reader = owner.ring().reader("test", Profile.EVERY, Start.OLDEST)) {
            var config = SimConfig.of(scenario, owner.formatId(), call);
            int device = library.add(engine, config, owner.region(), owner.hints(), truth.memory());
            library.start(engine, device, SECOND_NS);
            for (int i = 0; i < items; i++) {
                Lease lease;
                while ((lease = reader.next()) == null) {
                    assertThat(reader.await(SECOND_NS)).as("item " + i).isTrue();
                }
                check(lease, truth, right);
            }
            assertThat(library.remove(engine, device, SECOND_NS)).isTrue();
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
        assertThat(lateNs).isBetween(0L, SECOND_NS);
        assertThat(lease.verify()).isEqualTo(Checksum.RIGHT);
        assertThat(right.test(lease)).as("content of item " + descriptor.sequence()).isTrue();
        assertThat(lease.release()).isTrue();
    }

    private static void account(RingOwner owner, SimTruth truth) {
        var stats = owner.ring().stats();
        assertThat(stats.droppedAtSource()).isEmpty();
        assertThat(truth.published()).isEqualTo(stats.published());
        assertThat(truth.produced()).isEqualTo(truth.published() + truth.dropped());
        assertThat(stats.payloadCopied()).isZero();
    }
}
