// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    private static final long LATE_NS = 100_000_000;
    private static final Path SCHEDULED = Path.of("/proc/thread-self/schedstat"); // run ns, waited ns, how often

    private final List<RingReader> readers;
    private final Worker worker;
    private volatile long starvedNs;

    Witness(Workers workers, List<Ring> rings) {
        readers = rings.stream().map(ring -> ring.reader("witness", Profile.EVERY, Start.NOW)).toList();
        worker = workers.start("witness", WorkClass.NORMAL, true, this::run);
    }

    private void run(Worker self) {
        long last = System.nanoTime();
        long waited = waitedNs();
        while (!self.stopping()) {
            long now = System.nanoTime();
            if (now - last > LATE_NS) {
                long since = waited;
                waited = waitedNs();
                starvedNs = Math.max(starvedNs, Math.min(now - last, waited - since));
            }
            last = now;
            for (var reader : readers) {
                for (var lease = reader.next(); lease != null; lease = reader.next()) {
                    lease.verify();
                    lease.release();
                }
            }
            self.pause(LOOK_NS);
        }
    }

    /** How long this thread could have gone on, but had no processor; 0 where the system does not tell. */
    private static long waitedNs() {
        try {
            return Files.exists(SCHEDULED) ? Long.parseLong(Files.readString(SCHEDULED).split(" ")[1]) : 0;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /**
     * Waits until all was read, and says that nothing was lost, torn, wrong or copied; but for what was overtaken while
     * the machine ran nobody, or gave no processor to this thread, as it happens beside other builds. What else may
     * hold a reader is not excused: a lock, a page, a collection.
     */
    void assertSawEverything() {
        for (var reader : readers) {
            Platform.await(() -> reader.stats().pending() == 0, () -> reader.source() + " " + reader.stats());
            ReaderStats stats = reader.stats();
            boolean excused = Stalls.isLong(starvedNs) || Stalls.stoodStillMs() > 0;
            long came = stats.delivered() + stats.pending(); // a source that goes on has new ones by now
            assertEquals(stats.published(), came + (excused ? stats.overtaken() : 0), () ->
                    reader.source() + " " + stats + ", late for want of a processor " + starvedNs / 1_000_000 + " ms");
            assertEquals(0, (excused ? 0 : stats.torn()) + stats.checksumErrors() + stats.bytesCopied(),
                    stats::toString);
            assertTrue(stats.delivered() > 0 && stats.conserved(), stats::toString);
        }
    }

    @Override
    public void close() {
        assertTrue(worker.stop(Duration.ofSeconds(5)), "the witness did not stop");
        readers.forEach(RingReader::close);
    }
}
