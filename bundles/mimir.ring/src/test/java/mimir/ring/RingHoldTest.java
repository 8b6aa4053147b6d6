// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RingHoldTest {
    private static final int SLOTS = 1024; // 60 items a second for 17 s
    private static final int LARGE = 1 << 14;
    private static final Map<String, Object> DEEP = Map.of("deep", new String[] {"test.frames"}, "deep.seconds", 16.0);

    @Test
    void shouldMakeOnlyTheNamedRingsDeep() {
        try (var ring = new Fixture(DEEP);
                var other = ring.store.open(Fixture.spec("test.other", Fixture.PAYLOAD), "test")) {
            assertEquals(SLOTS, ring.owner.ring().stats().slotCount());
            assertEquals(64, other.ring().stats().slotCount());
            ring.write(1);
            Fixture.fill(other.writer(), 0);
            other.writer().commit();

            try (var reader = ring.reader(Profile.EVERY);
                    var shallow = other.ring().reader("reader", Profile.EVERY, Start.OLDEST);
                    var hold = reader.next().hold()) {
                assertEquals(SLOTS, hold.slots());
                assertNull(shallow.next().hold(), "nobody keeps its items there");
            }
        }
    }

    @Test
    void shouldTellWhenTheWriterComesAndThatItCame() {
        try (var ring = new Fixture(DEEP).write(3); var reader = ring.reader(Profile.EVERY)) {
            reader.next().release();
            var lease = reader.next();
            var item = new Descriptor();
            item.load(lease.descriptor());
            try (var hold = lease.hold(); var copy = MappedMemory.anonymous(4096)) {
                assertEquals(SLOTS - 2, hold.ahead(lease.descriptor()));
                assertEquals(lease.offset(), lease.descriptor().handle(0));
                assertEquals(1, hold.memory().get(ValueLayout.JAVA_LONG, lease.descriptor().handle(0)));
                assertTrue(hold.memory().isReadOnly());
                assertTrue(hold.copyOut(lease.descriptor(), copy, 64));
                assertEquals(1, copy.segment().get(ValueLayout.JAVA_LONG, 64 + Fixture.PAYLOAD - 8));
                assertEquals(Fixture.PAYLOAD, reader.stats().bytesCopied());

                ring.write(SLOTS - 2);
                assertTrue(hold.holds(lease.descriptor()));
                assertEquals(0, hold.ahead(lease.descriptor()));
                ring.write(1);
                assertFalse(hold.holds(lease.descriptor()));
                assertFalse(hold.copyOut(lease.descriptor(), copy, 64));
            }
        }
    }

    @Test
    void shouldHoldMemoryThatAnotherRegionSucceeded() {
        try (var ring = new Fixture(DEEP).write(2); var reader = ring.reader(Profile.EVERY)) {
            var lease = reader.next();
            var item = new Descriptor().load(lease.descriptor());
            var hold = lease.hold();
            assertNotNull(hold);
            ring.owner.close();
            ring.owner = ring.store.open(Fixture.spec("test.frames", 2 * Fixture.PAYLOAD), "test");
            reader.next().release();
            lease.release();
            assertNull(reader.next(), "it follows");

            assertTrue(hold.holds(item));
            assertEquals(1, hold.memory().get(ValueLayout.JAVA_LONG, hold.memory().byteSize()
                    - SLOTS * Fixture.PAYLOAD + Fixture.PAYLOAD));
            hold.close();
            hold.close();
            assertFalse(hold.holds(item), "the memory is gone");
            assertThrows(IllegalStateException.class, () -> hold.memory().get(ValueLayout.JAVA_LONG, 0));
        }
    }

    @Test
    void shouldBeginWhereTheWriterDoesNotComeAtOnce() {
        try (var ring = new Fixture(DEEP).write(3 * SLOTS);
                var reader = ring.owner.ring().reader("late", Profile.EVERY, Start.HISTORY)) {
            ring.write(SLOTS / 16 - 1);
            var lease = reader.next();
            assertEquals(2 * SLOTS + SLOTS / 16, lease.descriptor().sequence());
            assertTrue(lease.release());
            assertEquals(0, reader.stats().overtaken());
        }
    }

    @Test
    void shouldNotHoldAFileThatSomebodyMayCut(@TempDir Path folder) {
        var inFile = Map.of("deep", new String[] {"test.frames"}, "deep.seconds", 1.0, "dir", folder.toString());
        try (var ring = new Fixture(inFile).write(1); var reader = ring.reader(Profile.EVERY)) {
            assertNull(reader.next().hold());
        }
    }

    @Test
    void shouldBeThereBeforeAllOfItIs() {
        try (var store = RingStore.unseen(DEEP); var owner = store.open(Fixture.spec("test.frames", LARGE), "test")) {
            var ring = owner.ring();
            writeAll(owner.writer(), 1);
            try (var reader = ring.reader("reader", Profile.EVERY, Start.OLDEST); var hold = reader.next().hold()) {
                double present = ring.present();
                assertTrue(present > 0 && present < 0.2, "half a second of it and the descriptors: " + present);
                assertEquals(present * hold.bytes(), hold.presentBytes(), 1);
                while (ring.makePages(1)) {
                    assertTrue(ring.present() > present);
                    present = ring.present();
                }
                assertEquals(1, ring.present());
                assertEquals(hold.bytes(), hold.presentBytes());
                assertFalse(ring.makePages(1));
                assertEquals(0x0101, hold.memory().get(ValueLayout.JAVA_SHORT, hold.bytes() - SLOTS * LARGE));
                assertEquals(0, hold.memory().get(ValueLayout.JAVA_SHORT, hold.bytes() - 2));
            }
        }
    }

    /** Another region may have an item of the same position and generation, an event no payload there at all. */
    @Test
    void shouldNotTakeItemsForItsOwnThatLieElsewhere() {
        try (var ring = new Fixture(DEEP).write(1); var other = new Fixture(DEEP).write(1);
                var reader = ring.reader(Profile.EVERY); var elsewhere = other.reader(Profile.EVERY);
                var copy = MappedMemory.anonymous(4096)) {
            var lease = reader.next();
            var event = new Descriptor().load(lease.descriptor());
            event.payload(Abi.PAYLOAD_INLINE, Long.MAX_VALUE - 100, lease.descriptor().handle(1), 0);
            try (var hold = lease.hold()) {
                assertTrue(hold.holds(lease.descriptor()));
                assertFalse(hold.holds(elsewhere.next().descriptor()));
                assertFalse(hold.holds(event));
                assertFalse(hold.holds(new Descriptor()), "of nothing");
                assertThrows(IndexOutOfBoundsException.class, () -> hold.copyOut(event, copy, 0));
            }
        }
    }

    /** What was made for it costs a writer no fault of its own. */
    @Test
    void shouldTakeTheFaultsFromTheWriter() throws IOException {
        try (var store = RingStore.unseen(DEEP); var other = RingStore.unseen(DEEP);
                var owner = store.open(Fixture.spec("test.frames", LARGE), "test");
                var lazy = other.open(Fixture.spec("test.frames", LARGE), "test")) {
            while (owner.ring().makePages(1)) {
                assertTrue(owner.ring().present() < 1);
            }
            long made = faults(owner.writer());
            long missing = faults(lazy.writer());
            assertTrue(missing > 2 * SLOTS, "where nobody made them: " + missing);
            assertTrue(made < missing / 10, made + " and " + missing);
        }
    }

    /** Of this thread, in a turn. */
    private static long faults(RingWriter writer) throws IOException {
        long before = faults();
        writeAll(writer, SLOTS);
        return faults() - before;
    }

    private static void writeAll(RingWriter writer, int items) {
        for (int i = 0; i < items; i++) {
            long at = writer.claim();
            writer.memory().asSlice(at, LARGE).fill((byte) 1);
            writer.descriptor().sequence(i).shape(1, 16, 16, LARGE);
            writer.commit();
        }
    }

    private static long faults() throws IOException {
        var fields = Files.readString(Path.of("/proc/thread-self/stat")).replaceAll(".*\\) ", "").split(" ");
        return Long.parseLong(fields[7]);
    }

    /** The protocol knows nothing of it: neither the region nor the hints page changes, whatever is asked of a hold. */
    @Test
    void shouldWriteNothingThatAWriterOrAnotherReaderLooksAt() {
        try (var ring = new Fixture(DEEP).write(SLOTS + 3); var reader = ring.reader(Profile.EVERY);
                var copy = MappedMemory.anonymous(4096)) {
            var lease = reader.next();
            var item = new Descriptor().load(lease.descriptor());
            var region = ring.owner.region().toArray(ValueLayout.JAVA_BYTE);
            var hints = ring.owner.hints().toArray(ValueLayout.JAVA_BYTE);
            try (var hold = lease.hold(); var again = lease.hold()) {
                assertTrue(hold.holds(item) && hold.copyOut(item, copy, 0) && again.ahead(item) > 0);
                assertTrue(lease.release());
            }
            assertArrayEquals(region, ring.owner.region().toArray(ValueLayout.JAVA_BYTE));
            assertArrayEquals(hints, ring.owner.hints().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** The system reads from the memory at that moment: it stays until it has what it was given, and no longer. */
    @Test
    void shouldGiveMemoryBackThatSomebodyJustHandsToTheSystem() throws Exception {
        var pipe = Pipe.open();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var ring = new Fixture(DEEP).write(1);
            var reader = ring.reader(Profile.EVERY);
            var hold = reader.next().hold();
            var mapped = Long.toHexString(hold.memory().address()) + "-";
            assertTrue(isMapped(mapped));
            reader.close();
            ring.close();
            var buffer = hold.memory().asByteBuffer();
            var writing = threads.submit(() -> pipe.sink().write(buffer));
            pipe.source().read(ByteBuffer.allocate(1)); // it is at it now, and waits: the pipe is shorter
            var closing = threads.submit(hold::close);
            int left = buffer.capacity() - 1;
            while (left > 0) {
                left -= pipe.source().read(ByteBuffer.allocate(left));
            }
            writing.get();
            closing.get();
            assertFalse(isMapped(mapped));
        }
    }

    private static boolean isMapped(String begin) throws IOException {
        try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.anyMatch(line -> line.startsWith(begin) && line.contains("mimir:test.frames"));
        }
    }

    @Test
    void shouldBeginNoEarlierThanTheOldestItemInTheSmallestRing() {
        for (int slots = 2; slots <= 64; slots *= 2) {
            assertTrue(Start.HISTORY.position(1000, slots) >= Start.OLDEST.position(1000, slots));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 0, -1})
    void shouldRefuseADepthThatIsNone(double seconds) {
        var refused = assertThrows(RingException.class, () -> RingStore.unseen(Map.of("deep.seconds", seconds)));
        assertEquals("deep.seconds is " + seconds + ", but no ring lasts so long; give a number of seconds above 0 or"
                + " leave deep.seconds out", refused.getMessage());
    }

    /** The deeper the ring, the sooner there is no room for it; the one after it must not suffer for that. */
    @Test
    void shouldLeaveNothingBehindWhereTheSystemHasNoRoom() {
        try (var store = RingStore.unseen()) {
            var tooLarge = new RingSpec("test.large", Abi.ITEM_FRAME, 1 << 20, 1L << 32, Fixture.format(64),
                    RingSpec.Writer.NATIVE);
            int before = descriptors();
            for (int i = 0; i < 10; i++) {
                assertThrows(RingException.class, () -> store.open(tooLarge, "test"));
            }
            assertTrue(descriptors() < before + 10, "descriptors before " + before + ", now " + descriptors());
        }
    }

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }
}
