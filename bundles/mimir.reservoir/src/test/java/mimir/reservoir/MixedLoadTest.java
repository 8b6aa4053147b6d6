// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A camera at 187 fps, six at 60, one at 2, sound of 192 kHz and an event now and then: one edge for all, none starves,
 * and each item is accounted for. A minute in simulated time and smaller, {@code -Dmimir.mixed.minutes=60} an hour;
 * {@code -Dmimir.mixed.seconds=600} takes ten minutes of real time, whole frames and a thread for the ingest.
 */
@Timeout(900)
class MixedLoadTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final long REAL_SECONDS = Long.getLong("mimir.mixed.seconds", 0);
    private static final long SIMULATED_MINUTES = Long.getLong("mimir.mixed.minutes", 1);
    /** What the JVM itself may take more after its first minutes, bytes. */
    private static final long JVM = 8L << 20;

    private final List<Sender> senders = new ArrayList<>();

    /** Sends at its rate. */
    private static final class Sender {
        final String id;
        final double rateHz;
        final RingOwner owner;
        final int bytes;
        long sent;

        Sender(RingStore store, String id, int kind, double rateHz, int bytes) {
            var format = new RingFormat(1, 0, 16, 16, (int) Math.round(rateHz * 1_000), 1_000, List.of(0L), List.of(16),
                    bytes, 0);
            this.id = id;
            this.rateHz = rateHz;
            this.bytes = bytes;
            this.owner = store.open(new RingSpec(id, kind, Math.max(1, rateHz), bytes, format, RingSpec.Writer.JAVA),
                    "test");
        }

        /** When the next item comes, since the start. */
        long dueNs() {
            return Math.round((sent + 0.37) * SECOND_NS / rateHz);
        }

        void send(long timeNs) {
            var writer = owner.writer();
            writer.claim();
            writer.descriptor().sequence(sent++).hostTimeNs(timeNs).shape(owner.formatId(), 16, 16, bytes);
            writer.commit();
        }
    }

    /** @param part what a payload is smaller by */
    private void open(RingStore store, int part) {
        senders.add(new Sender(store, "fast", Abi.ITEM_FRAME, 187, 307_200 / part));
        for (int i = 1; i <= 6; i++) {
            senders.add(new Sender(store, "camera." + i, Abi.ITEM_FRAME, 60, 614_400 / part));
        }
        senders.add(new Sender(store, "slow", Abi.ITEM_FRAME, 2, 921_600 / part));
        senders.add(new Sender(store, "sound", Abi.ITEM_AUDIO, 3_000, 2_048 / Math.min(part, 8)));
        senders.add(new Sender(store, "button", Abi.ITEM_EVENT, 0.4, 48));
    }

    private void close() {
        senders.forEach(sender -> sender.owner.close());
    }

    /** Everybody sends for so long, at the time that the clock says. */
    private void send(long seconds, long startNs, LongConsumer clock) {
        long dueNs = 0;
        while (dueNs < seconds * SECOND_NS) {
            var next = senders.getFirst();
            for (var sender : senders) {
                next = sender.dueNs() < next.dueNs() ? sender : next;
            }
            dueNs = next.dueNs();
            clock.accept(startNs + dueNs);
            next.send(startNs + dueNs);
        }
    }

    @Test
    void shouldStarveNobodyAndAccountForAll() throws IOException {
        try (var feed = new Feed(64L << 20)) {
            open(feed.store, 50);
            senders.forEach(sender -> feed.ingest.add(sender.owner.ring()));
            var looks = new long[1];
            var resident = new ArrayList<Long>();
            for (long minute = 1; minute <= SIMULATED_MINUTES; minute++) {
                send(60 * minute, SECOND_NS, nowNs -> {
                    if (nowNs - looks[0] > SECOND_NS / 250) { // as often as the ingest looks
                        feed.ingest.pass();
                        looks[0] = nowNs;
                    }
                });
                feed.ingest.pass();
                assertAll(feed.ingest, 5);
                System.gc();
                resident.add(RetentionTest.residentBytes());
            }
            assertFlat(resident);
            close();
        }
    }

    /** Nothing is kept but the items: in the last half of the minutes no more is resident than in the first. */
    private static void assertFlat(List<Long> resident) {
        int half = resident.size() / 2;
        long before = resident.subList(0, half).stream().mapToLong(Long::longValue).max().orElse(Long.MAX_VALUE - JVM);
        assertThat(resident.subList(half, resident.size())).as("resident bytes by minutes: %s", resident)
                .allMatch(bytes -> bytes <= before + JVM);
    }

    @Test
    void shouldDoSoInRealTime() throws InterruptedException {
        if (REAL_SECONDS == 0) {
            return; // see the class
        }
        try (var feed = new Feed(1L << 30)) {
            open(feed.store, 1);
            senders.forEach(sender -> feed.ingest.add(sender.owner.ring()));
            var over = new AtomicBoolean();
            var ingest = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    feed.ingest.pass();
                    LockSupport.parkNanos(SECOND_NS / 250);
                }
                feed.ingest.pass();
            });
            send(REAL_SECONDS, HostClock.nowNs(), MixedLoadTest::sleepUntil);
            over.set(true);
            ingest.join();
            assertAll(feed.ingest, 1);
            close();
        }
    }

    private static void sleepUntil(long ns) {
        for (long left = ns - HostClock.nowNs(); left > 0; left = ns - HostClock.nowNs()) {
            LockSupport.parkNanos(left);
        }
    }

    /** What each source has there is what came since the edge, to the item. */
    private void assertAll(Ingest ingest, double leastDepthS) {
        var log = ingest.log();
        long edge = log.edge();
        double depthS = (log.index.key(log.end() - 1) - edge) / (double) SECOND_NS;
        assertThat(depthS).isGreaterThan(leastDepthS);
        assertThat(ingest.refused()).isZero();
        for (var sender : senders) {
            var track = ingest.track(sender.id);
            assertThat(track.taken()).as(sender.id).isEqualTo(sender.sent);
            var cursor = new LogCursor(log, track, edge, Long.MAX_VALUE);
            long items = 0;
            long last = -1;
            while (cursor.next()) {
                assertThat(last < 0 || cursor.descriptor().sequence() == last + 1).as(sender.id).isTrue();
                last = cursor.descriptor().sequence();
                items++;
            }
            assertThat(last).as(sender.id).isEqualTo(sender.sent - 1);
            assertThat((double) items).as("%s in %.2f s", sender.id, depthS)
                    .isBetween(Math.floor(depthS * sender.rateHz) - 1, Math.ceil(depthS * sender.rateHz) + 1);
            assertThat(track.items()).as(sender.id).isBetween(items, items + 1);
        }
    }
}
