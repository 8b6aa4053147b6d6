// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that nobody may miss: the writer waits, and only as long as a reader deserves it. */
@Timeout(60)
class LosslessTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int SLOTS = 4096;

    private final RingStore store = new RingStore(Map.of());
    private final RingOwner owner = store.open(spec(Abi.ITEM_EVENT), "test");
    private final RingWriter writer = owner.writer();
    private final Ring ring = owner.ring();

    private static RingSpec spec(int kind) {
        var format = new RingFormat(513, 0, 1, 1, 1000, 1, List.of(0L), List.of(0), 64, 0);
        return new RingSpec("test.events", kind, 1000, 64, format, RingSpec.Writer.JAVA);
    }

    @AfterEach
    void close() {
        owner.close();
        store.close();
    }

    private RingReader lossless() {
        return ring.reader("lossless", Profile.LOSSLESS, Start.NOW);
    }

    private void event(long sequence) {
        writer.claim();
        writer.descriptor().sequence(sequence).hostTimeNs(sequence).shape(1, 1, 1, 0);
    }

    private void write(long from, long to) {
        for (long sequence = from; sequence < to; sequence++) {
            assertTrue(writer.awaitRoom(10 * SECOND), "no room for " + sequence);
            event(sequence);
            writer.commit();
        }
    }

    @Test
    void shouldHaveRoomForAsManyEventsAsPromised() {
        try (var reader = lossless()) {
            assertEquals(SLOTS, ring.stats().slotCount());
            write(0, SLOTS);

            assertFalse(writer.awaitRoom(0), "full");
            reader.next().release();
            assertFalse(writer.awaitRoom(0), "the position is told in steps");
            for (int read = 1; read < SLOTS; read++) {
                var lease = reader.next();
                assertEquals(read, lease.descriptor().sequence());
                lease.release();
            }
            assertNull(reader.next());
            assertTrue(writer.awaitRoom(0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void shouldLoseNothingAndKeepTheOrder(int readers) {
        long events = Long.getLong("mimir.events", 1_000_000);
        var sums = new CompletableFuture<?>[readers];
        for (int i = 0; i < readers; i++) {
            var reader = lossless();
            sums[i] = CompletableFuture.runAsync(() -> readInOrder(reader, events), each -> new Thread(each).start());
        }

        write(0, events);

        CompletableFuture.allOf(sums).join();
        assertEquals(0, ring.stats().evicted());
    }

    private static void readInOrder(RingReader reader, long events) {
        try (reader) {
            for (long expected = 0; expected < events;) {
                var lease = reader.next();
                if (lease == null) {
                    assertTrue(reader.await(20 * SECOND), "nothing for 20 s");
                    continue;
                }
                assertEquals(expected++, lease.descriptor().sequence());
                assertTrue(lease.release(), "overtaken");
            }
            assertEquals(events, reader.stats().delivered());
            assertTrue(reader.stats().conserved() && !reader.evicted());
        }
    }

    @ParameterizedTest
    @EnumSource(Waiting.class)
    void shouldDeliverAllHoweverTheReaderWaits(Waiting waiting) {
        var reader = ring.reader("reader", Profile.LOSSLESS, Start.NOW, waiting);
        var read = CompletableFuture.runAsync(() -> readInOrder(reader, 20_000), each -> new Thread(each).start());

        write(0, 20_000);

        read.join();
    }

    @Test
    void shouldEvictAReaderThatStandsStillForASecondAndTellIt() {
        try (var still = lossless(); var other = ring.reader("other", Profile.EVERY, Start.NOW)) {
            write(0, SLOTS);
            long before = System.nanoTime();

            assertTrue(writer.awaitRoom(10 * SECOND));

            long waited = System.nanoTime() - before;
            assertTrue(waited >= SECOND, "waited only " + waited + " ns");
            assertEquals(1, ring.stats().evicted());
            event(SLOTS);
            writer.commit();
            long delivered = drain(still);
            assertTrue(still.evicted(), "it was told");
            assertTrue(still.stats().overtaken() > 0 && still.stats().conserved(), () -> still.stats().toString());
            assertEquals(SLOTS + 1, delivered + still.stats().overtaken());
            assertEquals(SLOTS + 1, drain(other) + other.stats().overtaken(), "EVERY readers were not waited for");
            write(SLOTS + 1, 3 * SLOTS);
        }
    }

    private static long drain(RingReader reader) {
        long items = 0;
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            items += lease.release() ? 1 : 0;
        }
        return items;
    }

    @Test
    void shouldNotWaitForADeadProcess() throws Exception {
        var gone = new ProcessBuilder("true").start();
        assertTrue(gone.waitFor(30, TimeUnit.SECONDS));
        write(0, SLOTS);
        long least = Long.MAX_VALUE;
        int rounds = 0;
        for (; rounds < 5 && least >= SECOND / 2; rounds++) { // a machine may be away for so long, but not each time
            Abi.LONG.setVolatile(owner.hints(), Gate.seat(3) + Abi.S_TOKEN, gone.pid() << 32 | 7);
            long before = System.nanoTime();
            assertTrue(writer.awaitRoom(10 * SECOND));
            least = Math.min(least, System.nanoTime() - before);
        }

        assertTrue(least < SECOND / 2, "a dead reader is not given its second, of which it took " + least + " ns");
        assertEquals(rounds, ring.stats().evicted());
    }

    @Test
    void shouldGiveTheSeatsOfTheDeadToOthers() throws Exception {
        var gone = new ProcessBuilder("true").start();
        assertTrue(gone.waitFor(30, TimeUnit.SECONDS));
        for (int seat = 0; seat < Gate.SEATS; seat++) {
            Abi.LONG.setVolatile(owner.hints(), Gate.seat(seat) + Abi.S_TOKEN, Seat.evicted(gone.pid() << 32 | seat));
        }
        lossless().close();
    }

    @Test
    void shouldSayThatAllSeatsAreTaken() {
        var readers = new ArrayList<RingReader>();
        for (int seat = 0; seat < Gate.SEATS; seat++) {
            readers.add(lossless());
        }
        var refused = assertThrows(RingException.class, this::lossless);

        assertTrue(refused.getMessage().contains("28 seats"), refused::getMessage);
        readers.forEach(RingReader::close);
        lossless().close();
    }

    @Test
    void shouldBearWhateverStandsInTheHints() {
        long[] words = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1, 0x7FFF_FFFF_0000_0001L};
        for (long token : words) {
            for (long position : words) {
                Abi.LONG.setVolatile(owner.hints(), Gate.seat(1) + Abi.S_TOKEN, token);
                Abi.LONG.setVolatile(owner.hints(), Gate.seat(1) + Abi.S_POSITION, position);
                Abi.INT.setVolatile(owner.hints(), Abi.W_WRITER_WAITS, (int) position);
                Abi.INT.setVolatile(owner.hints(), Abi.W_ROOM, (int) token);
                write(0, SLOTS + 1);
            }
        }
    }

    @Test
    void shouldNotBeHeldByNumbersThatOnlyMove() {
        long token = ProcessHandle.current().pid() << 32 | 77;
        Abi.LONG.setVolatile(owner.hints(), Gate.seat(1) + Abi.S_POSITION, 0L);
        Abi.LONG.setVolatile(owner.hints(), Gate.seat(1) + Abi.S_TOKEN, token);
        write(0, SLOTS);

        long begin = System.nanoTime();
        long moves = 0;
        while (!writer.awaitRoom(SECOND / 20) && System.nanoTime() - begin < 20 * SECOND) {
            Abi.LONG.setVolatile(owner.hints(), Gate.seat(1) + Abi.S_POSITION, -(++moves % 5));
        }
        assertTrue(writer.awaitRoom(0), "held for ever");
        assertTrue(moves > 0 && ring.stats().evicted() == 1, moves + " moves");
    }

    @ParameterizedTest
    @ValueSource(ints = {Abi.ITEM_FRAME, Abi.ITEM_AUDIO})
    void shouldRefuseToMakeADeviceWait(int kind) {
        try (var other = new RingStore(Map.of()); var device = other.open(spec(kind), "test")) {
            var refused = assertThrows(IllegalArgumentException.class,
                    () -> device.ring().reader("reader", Profile.LOSSLESS, Start.NOW));
            assertTrue(refused.getMessage().contains("EVERY"), refused::getMessage);
        }
    }

    @Test
    void shouldNotWaitForOneWhoLeft() {
        var reader = lossless();
        write(0, SLOTS);
        reader.close();
        assertTrue(writer.awaitRoom(0));
    }

    @Test
    void shouldKeepNoSeatForAReaderThatIsRefused() {
        long entry = Abi.HEADER_BYTES;
        int id = Abi.getInt(owner.region(), entry);
        Abi.putInt(owner.region(), entry, 99);
        for (int refusals = 0; refusals <= Gate.SEATS; refusals++) {
            var refused = assertThrows(RingException.class, this::lossless);
            assertFalse(refused.getMessage().contains("seats"), refused::getMessage);
        }
        assertEquals(0L, (long) Abi.LONG.getVolatile(owner.hints(), Gate.seat(0) + Abi.S_TOKEN));

        Abi.putInt(owner.region(), entry, id);
        lossless().close();
    }

    @Test
    void shouldShowASeatWithItsOwnPositionOnly() {
        write(0, SLOTS);
        var enough = new AtomicBoolean();
        var joining = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                // as one leaves it behind that was evicted or has died: it would hold the writer
                Abi.LONG.setVolatile(owner.hints(), Gate.seat(0) + Abi.S_POSITION, 0L);
                lossless().close();
            }
        }, each -> new Thread(each).start());
        long end = System.nanoTime() + 20 * SECOND;
        int seen = 0;
        long stale = 0;
        long last = 0;
        while (seen < 300 && System.nanoTime() < end) {
            long token = (long) Abi.LONG.getAcquire(owner.hints(), Gate.seat(0) + Abi.S_TOKEN);
            long position = (long) Abi.LONG.getAcquire(owner.hints(), Gate.seat(0) + Abi.S_POSITION);
            boolean same = (long) Abi.LONG.getVolatile(owner.hints(), Gate.seat(0) + Abi.S_TOKEN) == token;
            if (token > 0 && same) {
                seen += token == last ? 0 : 1;
                stale += position == SLOTS ? 0 : 1;
                last = token;
            }
        }
        enough.set(true);
        joining.join();
        assertTrue(seen > 0, "never saw anybody there");
        assertEquals(0, stale, "positions of somebody else");
    }

    @Test
    void shouldShowABatchAtOnceWithOneWakeUp() throws Exception {
        var reader = lossless();
        var read = CompletableFuture.runAsync(() -> readInOrder(reader, 64), each -> new Thread(each).start());
        while ((int) Abi.INT.getVolatile(owner.nearHints(), Abi.W_WAITERS) == 0) {
            Thread.onSpinWait();
        }
        for (int sequence = 0; sequence < 64; sequence++) {
            event(sequence);
            writer.stage();
        }
        assertEquals(0, ring.stats().published());

        writer.publish();

        read.join();
        assertEquals(64, ring.stats().published());
        assertEquals(1, (long) Abi.LONG.getOpaque(owner.region(), Abi.H_WOKEN), "wake calls");
    }

    @Test
    void shouldCarryAnEventInItsSlot() {
        try (var reader = lossless()) {
            var payload = writer.claimInline();
            for (int word = 0; word < 6; word++) {
                payload.set(ValueLayout.JAVA_LONG, 8 * word, 100 + word);
            }
            writer.descriptor().sequence(7).hostTimeNs(8).shape(1, 1, 1, Abi.INLINE_BYTES);
            writer.commit();

            var lease = reader.next();
            assertEquals(Abi.INLINE_BYTES, lease.length());
            for (int word = 0; word < 6; word++) {
                assertEquals(100 + word, lease.memory().get(ValueLayout.JAVA_LONG, lease.offset() + 8 * word));
            }
            assertTrue(lease.release());
        }
    }

    @Test
    void shouldBelieveNoEventThatIsLargerThanItsSlot() {
        try (var reader = lossless()) {
            writer.claimInline();
            writer.descriptor().shape(1, 1, 1, Abi.INLINE_BYTES + 1);
            writer.commit();

            assertNull(reader.next());
            assertTrue(reader.broken());
        }
    }

    /** Descriptors are taken many at a time, and an event has nothing else that could be looked at once more. */
    @Test
    void shouldBelieveNoEventOfAnotherLapAmongThoseThatItTookAtOnce() {
        try (var reader = ring.reader("every", Profile.EVERY, Start.OLDEST)) {
            for (int item = 0; item < 3; item++) {
                writer.claimInline();
                writer.descriptor().sequence(item).shape(1, 1, 1, Abi.INLINE_BYTES);
                writer.commit();
            }
            Abi.putLong(owner.region(), owner.region.geometry.slot(1), 0);

            assertEquals(0, reader.next().descriptor().sequence());
            assertNull(reader.next());
            assertTrue(reader.broken());
        }
    }

    @Test
    void shouldAllocateNothingPerBatch() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var reader = lossless()) {
            long batches = 3_000;
            long before = 0;
            for (long batch = 0; batch < 2 * batches; batch++) {
                if (batch == batches) {
                    before = threads.getCurrentThreadAllocatedBytes();
                }
                for (int item = 0; item < 64; item++) {
                    event(batch * 64 + item);
                    writer.stage();
                }
                writer.publish();
                drain(reader);
            }
            assertEquals(0, (threads.getCurrentThreadAllocatedBytes() - before) / batches, "bytes a batch");
        }
    }
}
