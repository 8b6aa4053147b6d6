// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.service.log.LoggerFactory;
import org.osgi.test.common.annotation.InjectService;

/**
 * A hundred thousand log entries, as fast as the log service takes them: all arrive, and the media path hears nothing
 * of them. The gate of the launcher, which lets bundles log less, is not here; how long delivery takes beside a storm
 * that meets it is measured by {@code ./mimir bench --suite hostile}.
 */
@Timeout(60)
class LogStormTest extends RingsTest {
    private static final int ENTRIES = 100_000;
    private static final String STORM = "itest.storm";

    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    LoggerFactory loggers;
    @InjectService(timeout = 10_000)
    LogReaderService reader;

    @Test
    void shouldLoseNoItemInAStormOfLogEntries() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera("mimir.driver.sim", "storm.camera", 640, 480, 60, ""),
                Platform.audio("mimir.driver.sim", "storm.audio", 8, 192_000, ""))));
        var arrived = new AtomicInteger();
        LogListener listener = entry -> arrived.addAndGet(entry.getLoggerName().equals(STORM) ? 1 : 0);
        reader.addLogListener(listener);
        var log = loggers.getLogger(STORM);
        try (var witness = new Witness(workers, List.of(rings.find("storm.camera").orElseThrow(),
                rings.find("storm.audio").orElseThrow()))) {
            var storm = workers.start("storm", WorkClass.NORMAL, false, self -> {
                for (int entry = 1; entry <= ENTRIES && !self.stopping(); entry++) {
                    log.warn("entry {} of a storm", entry); // what is less is not even made, where nobody wants it
                }
            });
            Platform.await(() -> arrived.get() == ENTRIES, () -> arrived + " entries arrived");
            assertTrue(storm.stop(Duration.ofSeconds(5)));
            rigs.unload(Platform.PATIENCE);
            witness.assertSawEverything();
        } finally {
            reader.removeLogListener(listener);
        }
        for (var id : List.of("storm.camera", "storm.audio")) {
            Stalls.assertNothingLost(rings.find(id).orElseThrow());
        }
    }
}
