// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rings read by way of their manifests, from the same process; itests does it between processes. */
@Timeout(60)
class ForeignRingTest {
    @TempDir
    Path folder;

    private Path manifests() {
        return folder.resolve("manifests");
    }

    private Fixture publish() {
        return new Fixture(Map.of("manifests", manifests().toString()));
    }

    private ForeignRing open() {
        return new ForeignRings(manifests()).open("test.frames");
    }

    @Test
    void shouldReadInPlaceWhatAnotherMappingWrites() {
        try (var ring = publish().write(10); var foreign = open();
                var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST)) {
            for (int item = 0; item < 10; item++) {
                try (var lease = reader.next()) {
                    assertEquals(item, lease.descriptor().sequence());
                    assertTrue(Fixture.holdsItsSequence(lease));
                    assertEquals(Checksum.RIGHT, lease.verify());
                }
            }
            assertNull(reader.next());
            assertEquals(Ending.NOT_YET, reader.ending());
            assertTrue(reader.stats().conserved());
            assertEquals(1, foreign.hops());

            ring.owner.close();
            assertEquals(Ending.ENDED, reader.ending());
        }
    }

    @Test
    void shouldMapReadOnlyAndAtAnyAddress() throws IOException {
        try (var ring = publish().write(1); var one = open(); var two = open();
                var first = one.reader("first", Profile.EVERY, Start.OLDEST);
                var second = two.reader("second", Profile.EVERY, Start.OLDEST)) {
            var here = first.next().memory();
            var there = second.next().memory();

            assertNotEquals(here.address(), there.address());
            assertNotEquals(ring.owner.region().address(), here.address());
            assertEquals(-1, here.mismatch(there));
            assertThrows(IllegalArgumentException.class, () -> here.set(ValueLayout.JAVA_BYTE, 0, (byte) 1));
            assertTrue(protectionOf(here).startsWith("r--s"), protectionOf(here));
        }
    }

    private static String protectionOf(MemorySegment memory) throws IOException {
        var start = Long.toHexString(memory.address()) + "-";
        try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
            var line = maps.filter(one -> one.startsWith(start)).findFirst().orElse("not mapped");
            return line.replaceAll("^\\S+ ", "");
        }
    }

    @Test
    void shouldFollowIntoASuccessorByTheManifest() {
        try (var ring = publish().write(3); var foreign = open();
                var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST)) {
            ring.owner.close();
            try (var larger = ring.store.open(Fixture.spec("test.frames", 4 * Fixture.PAYLOAD), "test")) {
                Fixture.fill(larger.writer(), 3);
                larger.writer().commit();

                for (int item = 0; item < 4; item++) {
                    assertEquals(item, awaited(reader));
                }
                assertEquals(larger.ring().stats().regionId(), foreign.stats().regionId());
            }
        }
    }

    private static long awaited(RingReader reader) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() < deadline) {
            try (var lease = reader.next()) {
                if (lease != null) {
                    return lease.descriptor().sequence();
                }
            }
            reader.await(1_000_000);
        }
        throw new AssertionError("nothing came: " + reader.ending());
    }

    @Test
    void shouldTellAnEndFromADeath() {
        try (var ring = publish().write(1)) {
            ring.owner.writtenBy(999_999_999);
            try (var foreign = open(); var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST)) {
                assertEquals(Ending.NOT_YET, reader.ending());
                assertNotNull(reader.next());
                assertEquals(Ending.WRITER_GONE, reader.ending());
                assertEquals("writer gone", foreign.stats().stateLabel());
                assertTrue(foreign.writerGone());

                ring.owner.close();
                assertEquals(Ending.ENDED, reader.ending());
            }
        }
    }

    @Test
    void shouldPublishPrivatelyAndLeaveNothing() throws IOException {
        try (var ring = publish()) {
            try (var files = Files.walk(manifests())) {
                files.forEach(file -> assertEquals(Files.isDirectory(file) ? "rwx------" : "rw-------", modeOf(file)));
            }
            assertEquals(ring.owner.ring().stats().regionId(),
                    new ForeignRings(manifests()).list().getFirst().regionId());
        }
        assertFalse(Files.exists(manifests()));
    }

    private static String modeOf(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldOfferTheNamesThatThereAre() {
        var rings = new ForeignRings(manifests());
        assertTrue(assertThrows(RingException.class, () -> rings.open("x")).getMessage().startsWith(
                "no ring of this user is published in " + manifests() + "; start a platform first"));
        try (var ring = publish()) {
            assertEquals("there is no ring 'x'; there are test.frames",
                    assertThrows(RingException.class, () -> rings.open("x")).getMessage());
            assertNotNull(ring);
        }
    }

    @Test
    void shouldRefuseAFolderThatOthersMayWrite() throws IOException {
        Files.createDirectory(manifests());
        Files.setPosixFilePermissions(manifests(), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var ring = publish().write(1)) {
            assertTrue(ring.store.discoveryFault().orElseThrow().contains("only you may write"));
            assertThrows(RingException.class, () -> new ForeignRings(manifests()).list());
        }
    }

    @Test
    void shouldKeepReadersAliveWhenTheRingIsClosedUnderLoad() throws Exception {
        try (var ring = publish(); var threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 200; round++) {
                var foreign = open();
                var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST);
                var reading = threads.submit(() -> readSome(reader));
                var looking = threads.submit(foreign::stats);
                ring.write(20);
                foreign.close();
                assertTrue(reading.get(10, TimeUnit.SECONDS) > 0);
                try {
                    looking.get(10, TimeUnit.SECONDS);
                } catch (ExecutionException closedFirst) {
                    assertTrue(closedFirst.getCause().getMessage().contains("was closed"), closedFirst::toString);
                }
            }
        }
    }

    private static int readSome(RingReader reader) {
        try (reader) {
            int read = 0;
            while (read < 10) {
                var lease = reader.next();
                if (lease == null) {
                    reader.await(1_000_000);
                } else {
                    assertTrue(Fixture.holdsItsSequence(lease) || !lease.intact());
                    lease.release();
                    read++;
                }
            }
            return read;
        }
    }

    @Test
    void shouldSurviveAFileThatIsCutUnderAForeignReader() throws IOException {
        var directory = Files.createDirectory(folder.resolve("rings"));
        var where = Map.of("manifests", manifests().toString(), "dir", directory.toString());
        try (var ring = new Fixture(where).write(10); var foreign = open();
                var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST)) {
            assertNotNull(reader.next());
            try (var files = Files.list(directory);
                    var channel = FileChannel.open(files.findFirst().orElseThrow(), StandardOpenOption.WRITE)) {
                channel.truncate(4096);
            }
            assertNull(reader.next());
            assertEquals(Ending.BROKEN, reader.ending());
            assertNotNull(ring);
        }
    }

    @Test
    void shouldNotTakeAFileForSealedBecauseItsManifestNamesNone() throws IOException {
        var directory = Files.createDirectory(folder.resolve("rings"));
        var where = Map.of("manifests", manifests().toString(), "dir", directory.toString());
        try (var ring = new Fixture(where).write(10)) {
            var manifest = only(only(manifests()));
            var lines = Files.readAllLines(manifest).stream().filter(line -> !line.startsWith("file=")).toList();
            Files.write(manifest, lines);
            try (var foreign = open(); var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST);
                    var channel = FileChannel.open(only(directory), StandardOpenOption.WRITE)) {
                var lease = reader.next();
                channel.truncate(4096);
                assertNull(reader.next());
                assertFalse(lease.release());
                assertEquals(Ending.BROKEN, reader.ending());
                assertThrows(RingException.class, foreign::stats);
            }
            assertNotNull(ring);
        }
    }

    private void rewrite(String line, String by) throws IOException {
        var manifest = only(only(manifests()));
        Files.writeString(manifest, Files.readString(manifest).replaceFirst("(?m)^" + line + "$", by));
    }

    @Test
    void shouldRefuseAnotherRegionThanTheManifestNames() throws IOException {
        try (var ring = publish().write(1)) {
            rewrite("region=.*", "region=00000000000000ff");
            var refused = assertThrows(RingException.class, this::open);
            assertEquals("the ring of test.frames is no longer where its manifest says; look again, its source may have"
                    + " moved on", refused.getMessage());
            assertNotNull(ring);
        }
    }

    @Test
    void shouldReadWithoutHintsWhereTheirPageIsNone() throws IOException {
        var empty = Files.createFile(folder.resolve("empty"));
        int fd = (int) Posix.openExisting(empty.toString(), true).value();
        try (var ring = publish().write(1)) {
            rewrite("hints_fd=.*", "hints_fd=" + fd);
            try (var foreign = open(); var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST)) {
                assertEquals(0, awaited(reader));
                assertFalse(reader.await(1_000_000));
                assertNotNull(ring);
            }
        } finally {
            Posix.close(fd);
        }
    }

    /** Slots may be wider than ours: a later release has more in them. */
    @Test
    void shouldHonourTheSlotSizeThatItFinds() throws IOException {
        long bytes = 40_960;
        var file = folder.resolve("wide.ring");
        Files.write(file, new byte[(int) bytes]);
        int fd = (int) Posix.openExisting(file.toString(), true).value();
        try (var ring = publish(); var memory = MappedMemory.shared(bytes, fd)) {
            var wide = memory.segment();
            wide.asSlice(0, 8192).copyFrom(ring.owner.region().asSlice(0, 8192));
            Abi.putInt(wide, Abi.H_SLOT_BYTES, 192);
            Abi.putLong(wide, Abi.H_PAYLOAD_OFFSET, 20_480);
            Abi.putLong(wide, Abi.H_REGION_BYTES, bytes);
            var hints = MappedMemory.anonymous(Abi.HINTS_BYTES);
            var writer = new RingWriter(new Region(Geometry.read(wide), RegionMemory.foreign(memory, hints, -1)));
            var here = ProcessMark.self();
            long id = Abi.getLong(wide, Abi.H_REGION_ID);
            var manifest = new RingManifest("wide", "test", id, here, here, -1, file, -1);
            Files.write(only(manifests()).resolve("9.manifest"), manifest.bytes());
            try (var foreign = new ForeignRings(manifests()).open("wide");
                    var reader = foreign.reader("other", Profile.EVERY, Start.OLDEST)) {
                for (int item = 0; item < 100; item++) {
                    Fixture.fill(writer, item);
                    writer.commit();
                    if (item % 40 == 39) { // several at a time
                        for (int next = item - 39; next <= item; next++) {
                            var lease = reader.next();
                            assertEquals(next, lease.descriptor().sequence());
                            assertEquals(Checksum.RIGHT, lease.verify());
                            assertTrue(lease.release());
                        }
                    }
                }
            }
        } finally {
            Posix.close(fd);
        }
    }

    private static Path only(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void shouldRemoveWhatTheDeadLeftAndNothingElse() throws IOException {
        var directory = Files.createDirectory(folder.resolve("rings"));
        var where = Map.of("manifests", manifests().toString(), "dir", directory.toString());
        try (var living = new Fixture(where)) {
            Path regionOfTheLiving;
            try (var files = Files.list(directory)) {
                regionOfTheLiving = files.findFirst().orElseThrow();
            }
            var leftRing = directory.resolve("gone.0123456789abcdef.ring");
            Files.copy(regionOfTheLiving, leftRing);
            var foreignFile = Files.writeString(directory.resolve("note.0123456789abcdef.ring"), "not a ring");
            var leftFolder = Files.createDirectory(manifests().resolve("999999999.1.1"));
            Files.writeString(leftFolder.resolve("1.manifest"), "half a manif");

            new RingStore(where).close();

            assertFalse(Files.exists(leftRing) || Files.exists(leftFolder));
            assertTrue(Files.exists(regionOfTheLiving) && Files.exists(foreignFile));
            try (var foreign = open()) {
                assertEquals("live", foreign.stats().stateLabel());
                assertNotNull(living);
            }
        }
    }
}
