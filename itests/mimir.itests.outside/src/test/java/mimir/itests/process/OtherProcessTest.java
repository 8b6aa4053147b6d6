// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import mimir.ring.Abi;
import mimir.ring.Ending;
import mimir.ring.ForeignRings;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.RingOwner;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One writer here, readers and writers in other processes. */
@Timeout(120)
class OtherProcessTest {
    private static final int SIGSEGV = 11;

    @TempDir
    Path folder;
    private final Items items = new Items();
    private RingStore store;

    @BeforeEach
    void openStore() {
        store = Items.store(manifests());
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private Path manifests() {
        return folder.resolve("manifests");
    }

    private void write(RingOwner owner, int count) {
        for (int item = 0; item < count; item++) {
            items.write(owner.writer());
        }
    }

    @Test
    void shouldGiveEveryProcessTheSameBytes() {
        try (var owner = store.open(Items.spec("events", Abi.ITEM_EVENT), "test");
                var here = owner.ring().reader("here", Profile.EVERY, Start.OLDEST);
                var java = Child.jvm(manifests(), Dump.class, "events").ready();
                var c = Child.program(manifests(), "test/witness", "events", "--each").ready()) {
            assertEquals(4096, owner.ring().stats().slotCount());
            write(owner, 4000);
            owner.close();
            var expected = new ArrayList<String>();
            for (var item = items.next(here); item != null; item = items.next(here)) {
                expected.add(item);
            }

            assertEquals(4000, expected.size());
            assertEquals(expected, withoutTheEnd(java.lines(), "ENDED"));
            assertEquals(expected, withoutTheEnd(c.lines(), "ended"));
        }
    }

    @Test
    void shouldBeFollowedIntoSuccessors() {
        var larger = new RingSpec("frames", Abi.ITEM_FRAME, 1000, Items.MOST_BYTES, Items.format(),
                RingSpec.Writer.NATIVE);
        var owner = store.open(Items.frames("frames"), "test");
        try (var java = Child.jvm(manifests(), Dump.class, "frames", 60).ready();
                var c = Child.program(manifests(), "test/witness", "frames", "--each", 60).ready()) {
            write(owner, 20);
            owner.close();
            owner = store.open(larger, "test"); // does not fit: another region
            write(owner, 20);
            owner.close();
            owner = store.open(larger, "test"); // fits: the same region, alive again
            write(owner, 20);

            var sequences = IntStream.range(0, 60).mapToObj(Integer::toString).toList();
            assertEquals(sequences, sequences(withoutTheEnd(java.lines(), "enough")));
            assertEquals(sequences, sequences(withoutTheEnd(c.lines(), "enough")));
        } finally {
            owner.close();
        }
    }

    private static List<String> sequences(List<String> lines) {
        return lines.stream().map(line -> line.substring(0, line.indexOf(' '))).toList();
    }

    private static List<String> withoutTheEnd(List<String> lines, String end) {
        assertTrue(lines.getLast().startsWith(end), lines::getLast);
        return lines.subList(0, lines.size() - 1);
    }

    @Test
    void shouldFaultOnlyTheConsumerThatWrites() {
        try (var owner = store.open(Items.frames("frames"), "test");
                var here = owner.ring().reader("here", Profile.EVERY, Start.NOW);
                var trespasser = Child.program(manifests(), "test/trespasser", "frames").ready()) {
            assertNull(trespasser.line());
            assertEquals(128 + SIGSEGV, trespasser.exitCode());

            write(owner, 10);
            assertEquals(10, here.stats().pending());
            assertTrue(items.next(here).startsWith("0 "));
        }
    }

    @Test
    void shouldPayOneWakeCallAtMostForAKilledSleeper() {
        try (var owner = store.open(Items.frames("frames"), "test");
                var sleeper = Child.program(manifests(), "test/witness", "frames").ready()) {
            write(owner, 1);
            await(sleeper::sleepsOnAFutex);
            sleeper.kill();
            assertEquals(128 + 9, sleeper.exitCode());

            long before = owner.ring().stats().woken();
            write(owner, 1000);
            assertTrue(owner.ring().stats().woken() - before <= 1, owner.ring().stats()::toString);
        }
    }

    @Test
    void shouldWatchTheHostThatWritesAndGoOnWithTheNext() throws IOException {
        var owner = store.open(Items.frames("frames"), "test");
        try (var ring = new ForeignRings(manifests()).open("frames");
                var reader = ring.reader("other", Profile.EVERY, Start.NOW); var control = new Control()) {
            Thread.ofPlatform().daemon().start(control);
            for (int incarnation = 1; incarnation <= 3; incarnation++) {
                try (var host = host(owner)) {
                    await(() -> reads(reader) && !ring.writerGone() && ring.writerPid() == host.pid());
                    control.takeWorstMs();
                    long killedNs = HostClock.nowNs();
                    host.kill();
                    await(() -> !reads(reader) && reader.ending() == Ending.WRITER_GONE);
                    double ms = (HostClock.nowNs() - killedNs) / 1e6 - control.takeWorstMs();
                    assertTrue(ms < 500, "its death was told after " + ms + " ms");
                }
                owner.close();
                owner = store.open(Items.frames("frames"), "test");
                assertEquals(incarnation + 1, owner.epoch());
            }
            assertTrue(reader.stats().conserved());
        } finally {
            owner.close();
        }
    }

    private Child host(RingOwner owner) throws IOException {
        var host = Child.program(manifests(), "test/victim", "host", ProcessHandle.current().pid(),
                manifest("region_fd"), manifest("hints_fd"));
        owner.writtenBy(host.pid());
        return host.ready();
    }

    private String manifest(String key) throws IOException {
        try (var files = Files.walk(manifests())) {
            var file = files.filter(one -> one.toString().endsWith(".manifest")).findFirst().orElseThrow();
            return Files.readAllLines(file).stream().filter(line -> line.startsWith(key + "=")).findFirst()
                    .orElseThrow().substring(key.length() + 1);
        }
    }

    private static boolean reads(RingReader reader) {
        boolean any = false;
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            boolean sound = Items.isSound(lease);
            assertTrue(!lease.release() || sound);
            any = true;
        }
        return any;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it did not come to that in 20 s");
            LockSupport.parkNanos(1_000_000);
        }
    }
}
