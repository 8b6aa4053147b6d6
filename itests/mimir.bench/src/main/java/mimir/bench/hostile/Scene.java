// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.engine.analysis.Hosting;
import mimir.engine.analysis.Means;
import mimir.engine.analysis.Results;
import mimir.engine.analysis.Times;
import mimir.engine.work.BareWork;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.RingStore;

/**
 * A camera (640 x 480 YUYV, 60/s) and an audio interface (192 kHz x 8, 3,000 blocks/s), a reader of class CRITICAL at
 * each, and the threads, pools and hosting of the engine. Confined.
 */
final class Scene implements AutoCloseable {
    private static final String CAMERA = "bench.camera";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int FRAMES_PER_SECOND = 60;

    final Hosting host;
    private final RingStore store = RingStore.unseen();
    private final BundleRings rings = new BundleRings(store);
    private final BareWork work = new BareWork();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Hostile> hostiles = Hostile.all(end);
    private final List<Device> devices;
    private final List<Delivery> deliveries;
    private final List<Worker> readers;

    Scene() {
        host = new Hosting(new Means(rings, work.pools(), new Results(rings), new Times(), warning -> { },
                (name, call) -> call.run()), work.workers()); // no analyser here minds being made or closed
        devices = List.of(
                new Device(rings, CAMERA, Abi.ITEM_FRAME,
                        PixelFormat.YUYV.packed(640, 480, 0, FRAMES_PER_SECOND, 1, 0)),
                new Device(rings, "bench.audio", Abi.ITEM_AUDIO, SampleFormat.F32_PLANAR.planar(8, 64, 192_000)));
        host.addSource(devices.getFirst().source());
        hostiles.forEach(one -> host.addOffer(one.offer()));
        deliveries = devices.stream().map(device -> new Delivery(device.source().ring(), System::nanoTime)).toList();
        readers = deliveries.stream().map(one -> work.workers().start("bench", WorkClass.CRITICAL, true, one)).toList();
        devices.forEach(Device::start);
    }

    /** What came before was warm-up. */
    void count() {
        deliveries.forEach(Delivery::count);
    }

    /** Waits for so many more frames, or, where frames are lost, for the time of twice as many. */
    void await(long frames) {
        var camera = deliveries.getFirst();
        var twice = Duration.ofMillis(2 * 1000 * frames / FRAMES_PER_SECOND);
        camera.await(camera.delivered() + frames, twice.plus(PATIENCE));
    }

    Workers workers() {
        return work.workers();
    }

    void attachHostiles() {
        hostiles.forEach(one -> host.attach(one.name(), List.of(CAMERA), Map.of()));
    }

    /** Ends devices and readers. */
    void finish(mimir.bench.Results results) {
        var names = List.of("frame", "audio");
        for (int i = 0; i < names.size(); i++) {
            long published = devices.get(i).stop();
            deliveries.get(i).await(published, PATIENCE); // fewer are lost ones, and counted below
            readers.get(i).stop(PATIENCE);
            results.note(names.get(i) + ".lost.count", published - deliveries.get(i).delivered());
            deliveries.get(i).note(names.get(i), results);
        }
    }

    /** Lets everybody go who sleeps or spins. */
    @Override
    public void close() {
        end.countDown();
        host.close();
        deliveries.forEach(Delivery::close);
        devices.forEach(Device::close);
        store.close();
    }
}
