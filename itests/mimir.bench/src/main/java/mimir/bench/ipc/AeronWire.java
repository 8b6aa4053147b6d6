// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mimir.bench.handoff.Lane;
import mimir.bench.handoff.Observer;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** Aeron over shared memory; its driver, off the way of the data, lives in the sender's process and sleeps. */
final class AeronWire implements Wire {
    private static final String CHANNEL = "aeron:ipc?term-length=4m";
    private static final int STREAM = 1001;
    private static final int BYTES = 8 * Observer.WORDS;
    private static final int FRAGMENTS = 256;

    @Override
    public Outlet outlet(Path folder, String name, Wait wait) {
        var driver = MediaDriver.launch(new MediaDriver.Context().aeronDirectoryName(folder.resolve("aeron").toString())
                .dirDeleteOnStart(true).dirDeleteOnShutdown(true).threadingMode(ThreadingMode.SHARED)
                .sharedIdleStrategy(new SleepingMillisIdleStrategy(1)));
        var aeron = connect(folder);
        return new Offering(driver, aeron, aeron.addExclusivePublication(CHANNEL, STREAM), wait != Wait.SPIN);
    }

    @Override
    public Inlet inlet(Path folder, String name, Wait wait) {
        var aeron = connect(folder);
        return new Polling(aeron, aeron.addSubscription(CHANNEL, STREAM), wait != Wait.SPIN);
    }

    private static Aeron connect(Path folder) {
        return Aeron.connect(new Aeron.Context().aeronDirectoryName(folder.resolve("aeron").toString())
                .keepAliveIntervalNs(TimeUnit.SECONDS.toNanos(1)));
    }

    /** Confined to its thread. */
    private static final class Offering implements Outlet {
        private final MediaDriver driver;
        private final Aeron aeron;
        private final ExclusivePublication publication;
        private final boolean yielding;
        private final BufferClaim claim = new BufferClaim();

        Offering(MediaDriver driver, Aeron aeron, ExclusivePublication publication, boolean yielding) {
            this.driver = driver;
            this.aeron = aeron;
            this.publication = publication;
            this.yielding = yielding;
        }

        @Override
        public void put(long sequence, long timeNs) {
            while (publication.tryClaim(BYTES, claim) < 0) {
                Lane.idle(yielding);
            }
            var buffer = claim.buffer();
            int at = claim.offset();
            buffer.putLong(at, sequence);
            buffer.putLong(at + 8, timeNs);
            for (int word = 2; word < Observer.WORDS; word++) {
                buffer.putLong(at + 8 * word, Observer.word(sequence, word));
            }
            claim.commit();
        }

        @Override
        public void close() {
            publication.close();
            aeron.close();
            driver.close();
        }
    }

    /** Confined to its thread. */
    private static final class Polling implements Inlet {
        private final Aeron aeron;
        private final Subscription subscription;
        private final boolean yielding;
        private Observer observer;
        private final FragmentHandler handler = (buffer, at, length, header) -> observer.take(buffer.getLong(at),
                buffer.getLong(at + 8), buffer.getLong(at + 16) + buffer.getLong(at + 24) + buffer.getLong(at + 32)
                        + buffer.getLong(at + 40) + buffer.getLong(at + 48) + buffer.getLong(at + 56));

        Polling(Aeron aeron, Subscription subscription, boolean yielding) {
            this.aeron = aeron;
            this.subscription = subscription;
            this.yielding = yielding;
        }

        @Override
        public int take(Observer to) {
            observer = to;
            return subscription.poll(handler, FRAGMENTS);
        }

        @Override
        public void await() {
            Lane.idle(yielding);
        }

        @Override
        public void close() {
            subscription.close();
            aeron.close();
        }
    }
}
