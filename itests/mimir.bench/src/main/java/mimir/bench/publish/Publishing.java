// SPDX-License-Identifier: Apache-2.0
package mimir.bench.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.work.WorkClass;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.bench.hostile.Delivery;
import mimir.bench.hostile.Device;
import mimir.engine.work.BareWork;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.RingStore;
import org.HdrHistogram.Histogram;

/**
 * What it takes capture threads to publish, without what it takes them to fill an item: six cameras (640 x 480 YUYV,
 * 60/s) and an audio interface (192 kHz x 8, 3,000 blocks/s). Confined: run once.
 *
 * @param readers three readers of each, of class CRITICAL, that sleep at the doorbell
 * @param export the reservoir takes all in, and the last second of it is exported again and again
 */
record Publishing(boolean readers, boolean export) implements Trial {
    private static final int CAMERAS = 6;
    private static final int FRAMES_PER_SECOND = 60;
    private static final int READERS = 3;
    private static final int WARM_FRAMES = 180;
    private static final int COUNTED_FRAMES = 240;
    private static final long LOOK_NS = 20_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Override
    public void run(Scale scale, Results results) throws Exception {
        var work = new BareWork();
        try (var store = RingStore.unseen(); var keeping = new Keeping(work.workers())) {
            var devices = devices(new BundleRings(store));
            var deliveries = devices.stream().flatMap(device -> Stream.generate(() ->
                    new Delivery(device.source().ring(), System::nanoTime)).limit(readers ? READERS : 0)).toList();
            var threads = deliveries.stream().map(one ->
                    work.workers().start("bench", WorkClass.CRITICAL, true, one)).toList();
            devices.forEach(Device::start);
            if (export) {
                keeping.begin(devices);
            }
            await(devices.getFirst(), scale.of(WARM_FRAMES));
            long exportsBefore = keeping.exports();
            var from = devices.stream().map(device -> device.source().ring().stats().published()).toList();
            await(devices.getFirst(), scale.of(COUNTED_FRAMES));
            results.note("exports.count", keeping.exports() - exportsBefore);
            finish(devices, from, results);
            keeping.note(results);
            threads.forEach(thread -> thread.stop(PATIENCE));
            deliveries.forEach(Delivery::close);
            devices.forEach(Device::close);
        }
    }

    /** Waits for so many more of its frames. */
    private static void await(Device camera, long frames) {
        long until = camera.source().ring().stats().published() + frames;
        while (camera.source().ring().stats().published() < until) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** The cameras first. */
    private static List<Device> devices(BundleRings rings) {
        var devices = new ArrayList<Device>();
        for (int i = 0; i < CAMERAS; i++) {
            devices.add(new Device(rings, "bench.camera." + i, Abi.ITEM_FRAME,
                    PixelFormat.YUYV.packed(640, 480, 0, FRAMES_PER_SECOND, 1, 0)));
        }
        devices.add(new Device(rings, "bench.audio", Abi.ITEM_AUDIO, SampleFormat.F32_PLANAR.planar(8, 64, 192_000)));
        return devices;
    }

    private static void finish(List<Device> devices, List<Long> from, Results results) {
        var frames = new Histogram(10_000_000_000L, 3);
        var blocks = new Histogram(10_000_000_000L, 3);
        for (int i = 0; i < devices.size(); i++) {
            long published = devices.get(i).stop();
            for (long item = from.get(i); item < published; item++) {
                (i < CAMERAS ? frames : blocks).recordValue(devices.get(i).tookNs(item));
            }
        }
        results.quantiles("frame.", frames);
        results.quantiles("audio.", blocks);
    }
}
