// SPDX-License-Identifier: Apache-2.0
package mimir.bench.publish;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import mimir.api.recording.Exporter;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.bench.Results;
import mimir.bench.hostile.Device;
import mimir.recording.export.BareExporter;
import mimir.reservoir.BareReservoir;
import org.osgi.service.log.Logger;

/** The reservoir, and somebody who exports the last second of it again and again. Confined. */
final class Keeping implements AutoCloseable {
    private static final long BUDGET = 1L << 30;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long LOOK_NS = 20_000_000;

    private final Workers workers;
    private BareReservoir reservoir;
    private Worker exporting;
    private Path folder;
    private volatile long exports;
    private volatile Exception failure;

    Keeping(Workers workers) {
        this.workers = workers;
    }

    /** Takes in what these publish. Waits until all of its memory is there. */
    void begin(List<Device> devices) throws IOException {
        var silent = (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> method.getReturnType() == boolean.class ? Boolean.FALSE : null);
        folder = Files.createTempDirectory("mimir-bench-export-");
        reservoir = new BareReservoir(BUDGET, workers, silent);
        devices.forEach(device -> reservoir.add(device.source().ring(), device.source().format()));
        while (reservoir.reservoir().stats().presentBytes() < BUDGET) {
            LockSupport.parkNanos(LOOK_NS);
        }
        var exporter = BareExporter.of(reservoir.reservoir(), reservoir.windows(), workers);
        exporting = workers.start("bench-exports", WorkClass.NORMAL, false, self -> {
            while (!self.stopping() && failure == null) {
                export(exporter);
            }
        });
    }

    private void export(Exporter exporter) {
        try {
            var files = exporter.export(List.of(), TimeUnit.SECONDS.toNanos(1), folder, line -> { });
            for (var one : files) {
                Files.delete(one.file());
            }
            exports++;
        } catch (IOException | RuntimeException refused) {
            failure = refused;
        }
    }

    /** So far. */
    long exports() {
        return exports;
    }

    /** Ends the exports, and tells what the reservoir could not take in. */
    void note(Results results) throws Exception {
        if (reservoir == null) {
            return;
        }
        exporting.stop(PATIENCE);
        if (failure != null) {
            throw failure;
        }
        ReservoirStats stats = reservoir.reservoir().stats();
        results.note("refused.count", stats.refused());
    }

    @Override
    public void close() throws IOException {
        if (reservoir != null) {
            reservoir.close();
            Files.deleteIfExists(folder);
        }
    }
}
