// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.bench.Results;
import mimir.launcher.BareLog;
import org.osgi.service.log.Logger;

/** Log entries from several threads of class NORMAL, more than anybody reads. Confined. */
final class LogStorm implements AutoCloseable {
    private static final String TEXT = "entry of a storm";
    private static final int THREADS = 2;
    private static final double EACH_PER_NS = 120_000 / THREADS / 1e9; // a little more than what is asked for
    private static final long PAUSE_NS = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BareLog log = new BareLog();
    private final LongAdder entries = new LongAdder();
    private long beganNs;
    private List<Worker> threads = List.of();

    void start(Workers workers) {
        beganNs = System.nanoTime();
        var logger = log.logger("bench.storm");
        threads = IntStream.range(0, THREADS).mapToObj(number -> workers.start("storm-" + number, WorkClass.NORMAL,
                false, self -> rage(self, logger))).toList();
    }

    private void rage(Worker self, Logger logger) {
        for (long mine = 0; !self.stopping();) {
            for (long due = (long) ((System.nanoTime() - beganNs) * EACH_PER_NS); mine < due && !self.stopping();
                    mine++) {
                logger.info(TEXT);
                entries.increment();
            }
            self.pause(PAUSE_NS);
        }
    }

    /** Ends it, and tells where its entries are. */
    void note(Results results) {
        threads.forEach(each -> each.stop(PATIENCE));
        long logged = entries.sum();
        results.note("logged.perS", logged * 1e9 / (System.nanoTime() - beganNs));
        var kept = log.end(TEXT);
        results.note("logged.count", logged);
        results.note("logged.missing.count", kept[1]);
        results.note("logged.astray.count", logged - kept[0] - kept[1]);
    }

    @Override
    public void close() throws Exception {
        log.close();
    }
}
