// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private static final int SLOTS = 64;

    @Test
    void shouldDeliverEveryItemInOrderAndInPlace() {
        try (var ring = new Fixture().write(10); var reader = ring.reader(Profile.EVERY)) {
            for (long expected = 0; expected < 10; expected++) {
                var lease = reader.next();
                assertEquals(expected, lease.descriptor().sequence());
                assertTrue(Fixture.holdsItsSequence(lease));
                assertEquals(Checksum.RIGHT, lease.verify());
                assertEquals(ring.owner.region().address() + lease.offset(), lease.memory().address() + lease.offset(),
                        "in place");
                assertTrue(lease.release());
            }
            assertNull(reader.next());
            assertEquals(0, reader.stats().bytesCopied());
            assertTrue(reader.stats().conserved());
        }
    }

    @Test
    void shouldFreeARingThatNobodyOwnsOrReads() {
        try (var ring = new Fixture().write(3)) {
            var store = ring.store;
            assertFalse(store.free("test.frames"), "it has an owner");
            assertFalse(store.free("test.none"));
            var reader = ring.reader(Profile.EVERY);
            ring.owner.close();
            assertFalse(store.free("test.frames"), "it has a reader");
            assertEquals(0, sequenceOf(reader));
            reader.close();

            var freed = store.find("test.frames").orElseThrow();
            assertTrue(store.free("test.frames"));
            assertTrue(store.find("test.frames").isEmpty());
            assertTrue(store.list().isEmpty());
            assertEquals(3, freed.stats().published(), "the last account");
            assertEquals(1, freed.format(1).code());
            freed.wake();
            assertThrows(RingException.class, () -> freed.reader("late", Profile.EVERY, Start.OLDEST));
            try (var again = store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "test");
                    var late = again.ring().reader("late", Profile.EVERY, Start.OLDEST)) {
                assertNull(late.next());
                Fixture.fill(again.writer(), 0);
                again.writer().commit();
                assertEquals(0, sequenceOf(late));
            }
        }
    }

    @Test
    void shouldKeepARingThatWasParked() {
        try (var ring = new Fixture().write(1)) {
            ring.owner.park();
            assertFalse(ring.store.free("test.frames"), "somebody may write it still");
        }
    }

    @Test
    void shouldCountExactlyWhatAReaderWasTooSlowFor() {
        try (var ring = new Fixture(); var reader = ring.reader(Profile.EVERY)) {
            ring.write(5 * SLOTS);
            var first = reader.next();

            long lost = first.descriptor().sequence();
            first.release();
            assertEquals(5 * SLOTS - SLOTS * 3 / 4, lost, "resumes three quarters of the ring behind the head");
            assertEquals(lost, reader.stats().overtaken());
            assertTrue(reader.stats().conserved(), () -> reader.stats().toString());
        }
    }

    @Test
    void shouldGiveTheNewestAndTheExactNumberSkipped() {
        try (var ring = new Fixture().write(3); var reader = ring.reader(Profile.LATEST)) {
            assertEquals(2, sequenceOf(reader));
            ring.write(1000);

            assertEquals(1002, sequenceOf(reader));
            assertEquals(2 + 999, reader.stats().skipped());
            assertEquals(0, reader.stats().overtaken());
            assertTrue(reader.stats().conserved());
        }
    }

    @Test
    void shouldSayThatALeaseWasOvertakenWhileItWasRead() {
        try (var ring = new Fixture().write(1); var reader = ring.reader(Profile.EVERY)) {
            var lease = reader.next();
            ring.write(SLOTS);

            assertFalse(lease.intact());
            assertFalse(lease.release());
            assertEquals(1, reader.stats().torn());
            assertEquals(1, reader.stats().overtaken());
            assertEquals(0, reader.stats().delivered());
            assertTrue(reader.stats().conserved());
        }
    }

    @Test
    void shouldTellHowNearItCameToLosingItems() {
        try (var ring = new Fixture(); var reader = ring.reader(Profile.EVERY)) {
            assertEquals(0, reader.stats().mostPending());
            for (int items : new int[] {2, SLOTS / 2, 1}) {
                ring.write(items);
                for (int read = 0; read < items; read++) {
                    reader.next().release();
                }
            }
            assertEquals(SLOTS / 2, reader.stats().mostPending());

            ring.write(SLOTS + 3);
            reader.next().release();
            assertEquals(SLOTS + 3, reader.stats().mostPending(), "more than there is room for: some were lost");
            assertTrue(reader.stats().overtaken() > 0);
        }
    }

    @Test
    void shouldCountAWrongChecksumAndNeverSwallowIt() {
        try (var ring = new Fixture().write(1); var reader = ring.reader(Profile.EVERY)) {
            var lease = reader.next();
            ring.writer.memory().set(ValueLayout.JAVA_BYTE, lease.offset() + 7, (byte) 99);

            assertEquals(Checksum.WRONG, lease.verify());
            assertEquals(1, reader.stats().checksumErrors());
        }
    }

    @Test
    void shouldRefuseALeaseThatWasReleasedOrMoved() {
        try (var ring = new Fixture().write(2); var reader = ring.reader(Profile.EVERY)) {
            var moved = reader.next();
            var holder = moved.move();
            assertEquals(0, holder.descriptor().sequence());

            var ended = assertThrows(IllegalStateException.class, moved::memory);
            assertEquals("the lease has ended: it was released or moved", ended.getMessage());
            holder.release();
            assertThrows(IllegalStateException.class, holder::descriptor);
        }
    }

    @Test
    void shouldCountTheOnlyWayToCopy() {
        try (var ring = new Fixture().write(1); var reader = ring.reader(Profile.EVERY);
                var arena = Arena.ofConfined()) {
            var target = arena.allocate(Fixture.PAYLOAD, 8);
            try (var lease = reader.next()) {
                assertEquals(Fixture.PAYLOAD, lease.copyOut(target, 0));
            }
            assertEquals(1.0, reader.stats().copiedPerDelivered());
        }
    }

    @Test
    void shouldTellGapsAndReasonsOfLoss() {
        try (var ring = new Fixture().write(1); var reader = ring.reader(Profile.EVERY)) {
            ring.writer.drop(DropReason.MISSING, 3);
            ring.writer.claim();
            ring.writer.abort(DropReason.CORRUPT);
            ring.write(1);
            reader.next().release();

            var lease = reader.next();
            assertTrue(lease.descriptor().has(Descriptor.GAP_BEFORE));
            assertEquals(4, lease.descriptor().gapItems());
            var drops = ring.owner.ring().stats().droppedAtSource();
            assertEquals(3, drops.get(DropReason.MISSING));
            assertEquals(1, drops.get(DropReason.CORRUPT));
        }
    }

    @Test
    void shouldHandTheSameRegionToTheNextIncarnation() {
        try (var ring = new Fixture().write(5); var reader = ring.reader(Profile.EVERY)) {
            long region = ring.owner.ring().stats().regionId();
            ring.owner.close();
            assertFalse(reader.ended(), "five items are still to be read");
            drain(reader, 5);
            assertTrue(reader.ended());

            try (var next = ring.store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "test")) {
                Fixture.fill(next.writer(), 77);
                next.writer().commit();
                var lease = reader.next();
                assertEquals(2, lease.descriptor().epoch());
                assertTrue(lease.descriptor().has(Descriptor.DISCONTINUITY));
                assertEquals(region, next.ring().stats().regionId());
            }
        }
    }

    @Test
    void shouldLeadReadersToASuccessorWhenTheFormatOutgrowsTheRegion() {
        try (var ring = new Fixture().write(5); var reader = ring.reader(Profile.EVERY)) {
            ring.owner.close();
            try (var next = ring.store.open(Fixture.spec("test.frames", 4 * Fixture.PAYLOAD), "test")) {
                Fixture.fill(next.writer(), 5);
                next.writer().commit();
                drain(reader, 6);
                assertEquals(6, next.ring().stats().published());
                assertTrue(reader.stats().conserved(), () -> reader.stats().toString());
            }
        }
    }

    @Test
    void shouldGoOnInTheSameRegionHoweverLongItLasts() {
        try (var ring = new Fixture(Map.of("seconds", 2)).write(5); var reader = ring.reader(Profile.EVERY)) {
            var region = ring.owner.ring().stats().regionId();
            for (int epoch = 2; epoch < 5; epoch++) {
                ring.owner.close();
                ring.owner = ring.store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "test");
                assertEquals(epoch, ring.owner.epoch());
            }
            assertEquals(region, ring.owner.ring().stats().regionId());
            assertEquals(2 * SLOTS, ring.owner.ring().stats().slotCount());
            drain(reader, 5);
            assertEquals(0, reader.stats().overtaken());
        }
    }

    @Test
    void shouldReplaceARegionThatIsTooShortNowAndKeepOneThatIsTooLong() {
        try (var ring = new Fixture().write(5); var reader = ring.reader(Profile.EVERY)) {
            ring.store.configure(Map.of("seconds", 3.0));
            assertEquals(SLOTS, ring.owner.ring().stats().slotCount(), "not while it is written");
            ring.owner.close();
            ring.owner = ring.store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "test");
            var region = ring.owner.ring().stats().regionId();
            assertEquals(4 * SLOTS, ring.owner.ring().stats().slotCount());
            drain(reader, 5);

            ring.store.configure(Map.of());
            ring.owner.close();
            ring.owner = ring.store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "test");
            assertEquals(region, ring.owner.ring().stats().regionId());
            assertTrue(reader.stats().conserved());
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.49, 10.01, Double.NaN})
    void shouldRefuseToLastTooShortOrTooLong(double seconds) {
        var refused = assertThrows(RingException.class, () -> new RingStore(Map.of("seconds", seconds)));
        assertEquals("rings.seconds is " + seconds + ", but rings last from 0.5 to 10 s; give such a number or leave"
                + " rings.seconds out", refused.getMessage());
    }

    @Test
    void shouldLeaveAParkedRegionToItsWriterAndStartANewOne() {
        try (var ring = new Fixture().write(1); var reader = ring.reader(Profile.EVERY)) {
            var stray = ring.writer;
            ring.owner.park();
            try (var next = ring.store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "test")) {
                drain(reader, 1);
                assertNull(reader.next());
                Fixture.fill(stray, 99);
                stray.commit();
                Fixture.fill(next.writer(), 1);
                next.writer().commit();
                assertEquals(1, sequenceOf(reader), "nothing of the stray writer reaches a reader that followed");
            }
        }
    }

    @Test
    void shouldRefuseASecondOwnerOfAnIdentity() {
        try (var ring = new Fixture()) {
            var refused = assertThrows(RingException.class,
                    () -> ring.store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "other"));
            assertEquals("source test.frames is already published by test; give one of the two devices another id",
                    refused.getMessage());
        }
    }

    @Test
    void shouldEndTheRingsOfABundleThatVanished() {
        try (var store = new RingStore(Map.of())) {
            var rings = new BundleRings(store);
            var owner = rings.open(Fixture.spec("lost", Fixture.PAYLOAD), "vanished");
            Fixture.fill(owner.writer(), 1);
            owner.writer().commit();
            rings.close();

            var ring = store.find("lost").orElseThrow();
            assertEquals("parked", ring.stats().stateLabel());
            try (var reader = ring.reader("late", Profile.EVERY, Start.OLDEST)) {
                assertNotNull(reader.next());
            }
        }
    }

    @Test
    void shouldGiveTheMemoryBackWithTheLastReaderAndKeepTheAccount() {
        var ring = new Fixture().write(10);
        var reader = ring.reader(Profile.EVERY);
        ring.close();
        assertEquals(0, sequenceOf(reader), "a reader keeps what it reads");
        reader.close();
        assertThrows(IllegalStateException.class, () -> ring.owner.region().get(ValueLayout.JAVA_LONG, 0));

        var last = ring.owner.ring().stats();
        assertEquals(10, last.published());
        assertEquals("ended", last.stateLabel());
        assertThrows(RingException.class, () -> ring.reader(Profile.EVERY));
        assertThrows(RingException.class,
                () -> ring.owner.ring().open(Fixture.spec("test.frames", Fixture.PAYLOAD), "late"));
    }

    @Test
    void shouldHideRingsThatAreTheirMakersOwn() {
        try (var store = RingStore.unseen(); var owner = store.open(Fixture.spec("unseen", Fixture.PAYLOAD), "test")) {
            assertEquals(List.of(), new ForeignRings().list().stream().filter(ring -> ring.identity().equals("unseen"))
                    .toList());
            assertEquals("unseen", owner.ring().identity());
            assertTrue(store.discoveryFault().isEmpty());
        }
    }

    private static long sequenceOf(RingReader reader) {
        try (var lease = reader.next()) {
            return lease.descriptor().sequence();
        }
    }

    private static void drain(RingReader reader, int items) {
        for (int i = 0; i < items; i++) {
            assertTrue(reader.next().release());
        }
    }

    @ParameterizedTest
    @EnumSource(Waiting.class)
    void shouldTellOnceOfAnEndThatCameJustBeforeTheWait(Waiting waiting) {
        try (var ring = new Fixture();
                var reader = ring.owner.ring().reader("late", Profile.EVERY, Start.NOW, waiting)) {
            assertFalse(reader.await(1));
            ring.owner.close();
            long before = System.nanoTime();
            assertTrue(reader.await(60_000_000_000L), "the ring of the bell was over when it began to wait");
            assertTrue(System.nanoTime() - before < 30_000_000_000L, "it slept through its end");
            assertFalse(reader.await(1_000), "who waits for a successor rests");
        }
    }
}
