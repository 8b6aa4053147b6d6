// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeekTest {
    private static final int SLOTS = 64;

    @Test
    void shouldFindEachItemThatIsStillThereAndMoveNothing() {
        try (var ring = new Fixture().write(100); var reader = ring.reader(Profile.EVERY)) {
            var before = reader.stats();
            assertEquals(36, reader.oldest());
            assertEquals(100, reader.end());
            for (long position = 36; position < 100; position++) {
                var lease = reader.peek(position);
                assertEquals(position, lease.descriptor().sequence());
                assertTrue(Fixture.holdsItsSequence(lease));
                assertEquals(Checksum.RIGHT, lease.verify());
                assertTrue(lease.release());
            }
            assertEquals(before, reader.stats());
            assertEquals(37, reader.next().descriptor().sequence(), "the reader still stands where it stood");
        }
    }

    @Test
    void shouldFindNothingWhereNothingIs() {
        try (var ring = new Fixture().write(100); var reader = ring.reader(Profile.LATEST)) {
            for (long position : new long[] {-1, 0, 35, 100, Long.MAX_VALUE, Long.MIN_VALUE}) {
                assertNull(reader.peek(position), () -> "position " + position);
            }
            ring.writer.claim();
            assertNull(reader.peek(36), "the slot is claimed");
            assertFalse(reader.broken());
        }
        try (var empty = new Fixture(); var reader = empty.reader(Profile.EVERY)) {
            assertEquals(0, reader.oldest());
            assertEquals(0, reader.end());
            assertNull(reader.peek(0));
        }
    }

    @Test
    void shouldSayThatAnItemWasOvertakenWhileItWasPeekedAtAndCountNothing() {
        try (var ring = new Fixture().write(SLOTS); var reader = ring.reader(Profile.EVERY)) {
            var before = reader.stats();
            var lease = reader.peek(0);
            var moved = reader.peek(1).move();
            assertTrue(lease.intact());
            ring.write(2);

            assertFalse(lease.intact());
            assertFalse(lease.release());
            assertFalse(moved.release());
            var after = reader.stats();
            assertEquals(0, after.torn() + after.overtaken() + after.delivered() + after.bytesDelivered());
            assertEquals(before.pending() + 2, after.pending());
            assertTrue(after.conserved());
        }
    }

    @Test
    void shouldCallAnUnsoundItemBroken() {
        try (var ring = new Fixture().write(10); var reader = ring.reader(Profile.EVERY)) {
            long slot = Geometry.of(SLOTS, Fixture.PAYLOAD).slot(4);
            Abi.putLong(ring.owner.region(), slot + Abi.D_PAYLOAD_BYTES, Fixture.PAYLOAD + 1);
            assertNull(reader.peek(4));
            assertTrue(reader.broken());
            assertNull(reader.peek(5));
            assertEquals(0, reader.end());
        }
        try (var ring = new Fixture().write(10); var reader = ring.reader(Profile.EVERY)) {
            Abi.putLong(ring.owner.region(), Geometry.of(SLOTS, Fixture.PAYLOAD).slot(4), 0);
            assertNull(reader.peek(4));
            assertTrue(reader.broken(), "head promised an item that its slot never held");
        }
    }

    @Test
    void shouldHoldOneOfEightLeasesAndRefuseWhenClosed() {
        try (var ring = new Fixture().write(10); var reader = ring.reader(Profile.EVERY)) {
            for (int i = 0; i < 8; i++) {
                assertNotNull(reader.peek(i));
            }
            assertThrows(IllegalStateException.class, () -> reader.peek(8));
            reader.close();
            assertThrows(IllegalStateException.class, () -> reader.peek(0));
            assertThrows(IllegalStateException.class, reader::end);
        }
    }

    @Test
    void shouldMoveOnToTheRegionThatTookOver() {
        try (var store = new RingStore(Map.of())) {
            var former = store.open(Fixture.spec("moving", Fixture.PAYLOAD), "test");
            try (var reader = former.ring().reader("peeker", Profile.EVERY, Start.OLDEST)) {
                publish(former, 3);
                assertFalse(reader.moveOn());
                former.close();
                var next = store.open(Fixture.spec("moving", 2 * Fixture.PAYLOAD), "test");
                publish(next, 2);
                var lease = reader.peek(2);
                assertFalse(reader.moveOn(), "a lease is open");
                lease.release();

                assertTrue(reader.moveOn());
                assertEquals(2, reader.end());
                assertEquals(2, reader.peek(1).descriptor().epoch());
                assertEquals(3, reader.stats().skipped());
                assertTrue(reader.stats().conserved());
                next.close();
            }
        }
    }

    private static void publish(RingOwner owner, int items) {
        var writer = owner.writer();
        for (int i = 0; i < items; i++) {
            Fixture.fill(writer, i);
            writer.commit();
        }
    }

    @Test
    void shouldAllocateNothing() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var ring = new Fixture().write(100); var reader = ring.reader(Profile.EVERY)) {
            peek(reader, 100_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            peek(reader, 100_000);
            assertEquals(0, (threads.getCurrentThreadAllocatedBytes() - before) / 100_000);
        }
    }

    private static void peek(RingReader reader, int times) {
        for (int i = 0; i < times; i++) {
            reader.peek(reader.oldest() + (i & 31)).release();
        }
    }

    @ParameterizedTest
    @CsvSource({"60, 64, 1024", "60, 1, 1024", "3000, 64, 32768", "3000, 1024, 4096", "60, 307264, 64",
        "1000, 307264, 512", "0.1, 8, 64", "1000000, 8, 524288"})
    void shouldKeepTenSecondsOfResultsWhereTheyAreSmall(double perSecond, long bytes, int slots) {
        var format = new RingFormat(Abi.FORMAT_ATTACHMENT, 0, 1, 8, 60, 1, List.of(0L), List.of(8), 1, 0);
        var spec = new RingSpec("a/b@1", Abi.ITEM_RESULT, perSecond, bytes, format, RingSpec.Writer.JAVA);

        assertEquals(slots, spec.slotCount());
    }
}
