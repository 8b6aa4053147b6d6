// SPDX-License-Identifier: Apache-2.0
package mimir.bench.driver;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.hostile.Delivery;
import mimir.engine.work.BareWork;
import mimir.ring.Ring;

/** Readers of class CRITICAL at the rings of a camera and of an audio interface. Confined. */
final class Course implements AutoCloseable {
    static final int FRAMES_PER_SECOND = 60;
    private static final List<String> NAMES = List.of("frame", "audio");
    private static final int WARM_FRAMES = 120;
    private static final int COUNTED_FRAMES = 240;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BareWork work = new BareWork();
    private final List<Delivery> deliveries;
    private final List<Worker> readers;

    /** {@code clock} is the one that host times of their items are by. */
    Course(List<Ring> rings, LongSupplier clock) {
        deliveries = rings.stream().map(ring -> new Delivery(ring, clock)).toList();
        readers = deliveries.stream().map(one -> work.workers().start("bench", WorkClass.CRITICAL, true, one)).toList();
    }

    Workers workers() {
        return work.workers();
    }

    /** Until enough is measured. */
    void run(Scale scale) {
        await(scale.of(WARM_FRAMES));
        deliveries.forEach(Delivery::count);
        await(scale.of(COUNTED_FRAMES));
    }

    private void await(long frames) {
        var camera = deliveries.getFirst();
        camera.await(camera.delivered() + frames, Duration.ofMillis(2 * 1000 * frames / FRAMES_PER_SECOND)
                .plus(PATIENCE));
    }

    /** What arrived of what the two devices published by their end. */
    void finish(List<Long> published, Results results) {
        IntStream.range(0, NAMES.size()).forEach(i -> {
            deliveries.get(i).await(published.get(i), PATIENCE); // fewer are lost ones, and counted below
            readers.get(i).stop(PATIENCE);
            results.note(NAMES.get(i) + ".lost.count", published.get(i) - deliveries.get(i).delivered());
            deliveries.get(i).note(NAMES.get(i), results);
        });
    }

    @Override
    public void close() {
        readers.forEach(reader -> reader.stop(PATIENCE));
        deliveries.forEach(Delivery::close);
    }
}
