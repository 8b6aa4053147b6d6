// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Reads every item of some rings in place and tests its checksum, on a thread of its own, as a plug-in would. Made and
 * closed by a test; the readers belong to the worker.
 */
final class Witness implements AutoCloseable {
    private static final long LOOK_NS = 5_000_000;

    private final List<RingReader> readers;
    private final Worker worker;

    Witness(Workers workers, List<Ring> rings) {
        readers = rings.stream().map(ring -> ring.reader("witness", Profile.EVERY, Start.NOW)).toList();
        worker = workers.start("witness", WorkClass.NORMAL, true, this::run);
    }

    private void run(Worker self) {
        while (!self.stopping()) {
            for (var reader : readers) {
                for (var lease = reader.next(); lease != null; lease = reader.next()) {
                    lease.verify();
                    lease.release();
                }
            }
            self.pause(LOOK_NS);
        }
    }

    /**
     * Waits until all was read, and says that nothing was lost, torn, wrong or copied; but for what was overtaken while
     * the machine ran nobody.
     */
    void assertSawEverything() {
        for (var reader : readers) {
            Platform.await(() -> reader.stats().pending() == 0, () -> reader.source() + " " + reader.stats());
            ReaderStats stats = reader.stats();
            long excused = Stalls.stoodStillMs() > 0 ? stats.overtaken() : 0;
            assertEquals(stats.published(), stats.delivered() + excused, () -> reader.source() + " " + stats);
            assertEquals(0, stats.torn() + stats.checksumErrors() + stats.bytesCopied(), stats::toString);
            assertTrue(stats.delivered() > 0 && stats.conserved(), stats::toString);
        }
    }

    @Override
    public void close() {
        assertTrue(worker.stop(Duration.ofSeconds(5)), "the witness did not stop");
        readers.forEach(RingReader::close);
    }
}
