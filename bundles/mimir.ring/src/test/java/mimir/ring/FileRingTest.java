// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRingTest {
    @TempDir
    Path directory;

    @Test
    void shouldKeepTheRegionInAPrivateFileAndRemoveItAtTheEnd() throws IOException {
        try (var ring = new Fixture(Map.of("dir", directory.toString())).write(3);
                var reader = ring.reader(Profile.EVERY)) {
            var file = onlyFile();
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            assertEquals(ring.owner.ring().stats().regionBytes(), Files.size(file));
            try (var lease = reader.next()) {
                assertEquals(Checksum.RIGHT, lease.verify());
            }
        }
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void shouldEndTheSourceWhenItsFileIsCutUnderAReader() throws IOException {
        try (var ring = new Fixture(Map.of("dir", directory.toString())).write(10);
                var reader = ring.reader(Profile.EVERY)) {
            assertNotNull(reader.next());
            cut(onlyFile(), 0);

            assertNull(reader.next());
            assertTrue(reader.broken());
            assertTrue(reader.ended());
            var refused = assertThrows(RingException.class, ring.writer::claim);
            assertEquals("the file of the ring was cut short by another program; the source has ended",
                    refused.getMessage());
        }
    }

    @Test
    void shouldGoOnWithTheNextEpochAfterACutThatNobodySaw() throws Exception {
        try (var ring = new Fixture(Map.of("dir", directory.toString()))) {
            cut(onlyFile(), 0);
            assertEquals("ended", ring.owner.ring().stats().stateLabel());
            ring.owner.close();
            try (var next = ring.store.open(Fixture.spec("test.frames", Fixture.PAYLOAD), "next")) {
                assertEquals(2, next.epoch());
                assertEquals("live", next.ring().stats().stateLabel());
            }
        }
    }

    @Test
    void shouldSurviveACutInTheMiddleOfReading() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (var ring = new Fixture(Map.of("dir", directory.toString())).write(64);
                    var reader = ring.reader(Profile.EVERY); var threads = Executors.newSingleThreadExecutor()) {
                var file = onlyFile();
                var cutter = threads.submit(() -> {
                    cut(file, 4096);
                    return null;
                });
                while (!reader.broken()) {
                    readOne(ring, reader);
                }
                cutter.get();
            }
        }
    }

    /** The C library would not: see {@link Copies#copyWhole}. */
    @Test
    void shouldSurviveACutInTheMiddleOfACopy() throws IOException {
        long bytes = 1L << 20;
        try (var store = new RingStore(Map.of("dir", directory.toString()));
                var owner = store.open(Fixture.spec("test.frames", bytes), "test");
                var reader = owner.ring().reader("reader", Profile.EVERY, Start.OLDEST);
                var memory = MappedMemory.anonymous(bytes)) {
            owner.writer().claim();
            owner.writer().descriptor().shape(1, 16, 16, bytes);
            owner.writer().commit();
            var lease = reader.next();
            cut(onlyFile(), 4096);

            assertThrows(InternalError.class, () -> lease.copyOut(memory, 0));
        }
    }

    private static void readOne(Fixture ring, RingReader reader) {
        try {
            var lease = reader.next();
            if (lease == null) {
                ring.write(32);
            } else {
                lease.verify();
                lease.release();
            }
        } catch (RingException | InternalError cutShort) {
            assertFalse(cutShort.getMessage().isBlank()); // the page is gone: said, not died of
            reader.next();
        }
    }

    @Test
    void shouldSayInOneSentenceThatThereIsNoDirectory() {
        var missing = directory.resolve("nowhere");
        var refused = assertThrows(RingException.class, () -> new RingStore(Map.of("dir", missing.toString())));
        assertEquals("rings.dir " + missing + " is not a directory; make it or leave rings.dir out",
                refused.getMessage());
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(directory)) {
            return files.reduce((one, two) -> {
                throw new AssertionError("two files: " + one + ", " + two);
            }).orElseThrow();
        }
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
    }
}
