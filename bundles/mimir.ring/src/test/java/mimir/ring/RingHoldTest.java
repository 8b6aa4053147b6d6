// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
            var hold = lease.hold();
            assertNotNull(hold);
            ring.owner.close();
            ring.owner = ring.store.open(Fixture.spec("test.frames", 2 * Fixture.PAYLOAD), "test");
            reader.next().release();
            lease.release();
            assertNull(reader.next(), "it follows");

            assertEquals(1, hold.memory().get(ValueLayout.JAVA_LONG, hold.memory().byteSize()
                    - SLOTS * Fixture.PAYLOAD + Fixture.PAYLOAD));
            hold.close();
            hold.close();
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
}
