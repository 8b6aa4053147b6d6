// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.log.LoggerFactory;
import org.osgi.test.common.annotation.InjectService;

/** A hundred thousand log entries a second: the media path hears nothing of them. */
@Timeout(60)
class LogStormTest extends RingsTest {
    private static final int ENTRIES = 100_000;
    private static final int AT_ONCE = 1_000;
    private static final long PAUSE_NS = 10_000_000;

    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    LoggerFactory loggers;

    @Test
    void shouldLoseNoItemInAStormOfLogEntries() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera("mimir.driver.sim", "storm.camera", 640, 480, 60, ""),
                Platform.audio("mimir.driver.sim", "storm.audio", 8, 192_000, ""))));
        var over = new AtomicBoolean();
        var log = loggers.getLogger("itest.storm");
        try (var witness = new Witness(workers, List.of(rings.find("storm.camera").orElseThrow(),
                rings.find("storm.audio").orElseThrow()))) {
            var storm = workers.start("storm", WorkClass.NORMAL, false, self -> {
                for (int entry = 1; entry <= ENTRIES && !self.stopping(); entry++) {
                    log.info("entry {} of a storm", entry);
                    if (entry % AT_ONCE == 0) {
                        self.pause(PAUSE_NS);
                    }
                }
                over.set(true);
            });
            Platform.await(over::get, () -> "the storm goes on");
            assertTrue(storm.stop(Duration.ofSeconds(5)));
            rigs.unload(Platform.PATIENCE);
            witness.assertSawEverything();
        }
        for (var id : List.of("storm.camera", "storm.audio")) {
            Stalls.assertNothingLost(rings.find(id).orElseThrow());
        }
    }
}
