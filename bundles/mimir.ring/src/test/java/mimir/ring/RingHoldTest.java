// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RingHoldTest {
    private static final int SLOTS = 1024; // 60 items a second for 17 s
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
}
