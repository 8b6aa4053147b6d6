// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A reader of another process's region whose bytes change after it attached: it reads what is sound and calls the rest
 * broken, throws nothing and touches nothing outside.
 */
@Timeout(600)
class HostileReaderTest {
    private static final int READ_AHEAD = 27; // what a reader has copied is out of reach

    private static final int SEQUENCES = 4_000;

    @TempDir
    Path folder;

    private final HostileBytes hostile = new HostileBytes();
    private final Arena arena = Arena.ofShared();
    private Fixture ring;
    private MemorySegment memory;
    private MemorySegment sound;
    private ForeignRing foreign;
    private long sum;

    @BeforeEach
    void publish() {
        ring = new Fixture(Map.of("manifests", folder.resolve("manifests").toString())).write(100);
        memory = ring.owner.region();
        sound = arena.allocate(memory.byteSize(), 64).copyFrom(memory);
        foreign = open();
    }

    private ForeignRing open() {
        return new ForeignRings(folder.resolve("manifests")).open("test.frames");
    }

    @AfterEach
    void close() {
        foreign.close();
        ring.close();
        arena.close();
        assertNotNull(Long.toString(sum)); // somebody needs what was read
    }

    private RingReader reader(Profile profile) {
        return foreign.reader("hostile", profile, Start.OLDEST);
    }

    /** Everything that a consumer does with an item. */
    private void use(Lease lease, MemorySegment target) {
        for (long at = 0; at < lease.length(); at++) {
            sum += lease.memory().get(ValueLayout.JAVA_BYTE, lease.offset() + at);
        }
        assertTrue(lease.length() >= 0 && lease.length() <= Fixture.PAYLOAD, () -> "length " + lease.length());
        lease.copyOut(target, 0);
        lease.verify();
        assertNotNull(lease.format());
        lease.release();
    }

    private void readSome(RingReader reader, MemorySegment target) {
        for (int i = 0; i < 3; i++) {
            var lease = reader.next();
            if (lease != null) {
                use(lease, target);
            }
            var peeked = reader.peek(reader.oldest() + hostile.random.nextInt(64));
            if (peeked != null) {
                use(peeked, target);
            }
            if (!reader.ended()) {
                reader.await(0);
            }
            reader.stats();
            reader.ending();
        }
    }

    /** Mostly where it hurts: the writer's words, the format table, descriptors that are read next. */
    private void spoil() {
        var geometry = Geometry.of(64, Fixture.PAYLOAD);
        for (int changes = hostile.random.nextInt(1, 4); changes > 0; changes--) {
            switch (hostile.random.nextInt(5)) {
                case 0 -> hostile.changeSomewhere(memory, Abi.H_HEAD, Abi.H_HEAD + 64);
                case 1 -> hostile.changeSomewhere(memory, 0, 256);
                case 2 -> hostile.changeSomewhere(memory, Abi.HEADER_BYTES, Abi.HEADER_BYTES + 128);
                case 3 -> {
                    long slot = geometry.slot(37 + hostile.random.nextInt(4));
                    hostile.changeSomewhere(memory, slot, slot + Descriptor.BYTES);
                }
                default -> hostile.changeSomewhere(memory, Abi.HEADER_BYTES, memory.byteSize());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = {"EVERY", "LATEST"})
    void shouldReadOrCallItBroken(Profile profile, TestReporter reporter) {
        reporter.publishEntry("seed", Long.toString(hostile.seed));
        var target = arena.allocate(Fixture.PAYLOAD, 8);
        for (int input = 0; input < HostileBytes.times(SEQUENCES); input++) {
            memory.copyFrom(sound);
            try (var reader = reader(profile)) {
                readSome(reader, target);
                spoil();
                readSome(reader, target);
                refusedAtWorst(foreign::stats);
                refusedAtWorst(() -> foreign.reader("late", profile, Start.OLDEST).close());
            } catch (RuntimeException | InternalError | AssertionError other) {
                throw new AssertionError(hostile.at(input), other);
            } finally {
                memory.copyFrom(sound);
            }
        }
    }

    private static void refusedAtWorst(Runnable action) {
        try {
            action.run();
        } catch (RingException refused) {
            assertTrue(HostileBytes.isOneSentence(refused.getMessage()), refused::toString);
        }
    }

    @Test
    void shouldAttachOrRefuseWithASentence(TestReporter reporter) {
        reporter.publishEntry("seed", Long.toString(hostile.seed));
        var target = arena.allocate(Fixture.PAYLOAD, 8);
        for (int input = 0; input < HostileBytes.times(500); input++) {
            memory.copyFrom(sound);
            spoil();
            try (var late = open(); var reader = late.reader("late", Profile.EVERY, Start.OLDEST)) {
                readSome(reader, target);
            } catch (RingException refused) {
                assertTrue(HostileBytes.isOneSentence(refused.getMessage()), refused::toString);
            } catch (RuntimeException | AssertionError other) {
                throw new AssertionError(hostile.at(input), other);
            } finally {
                memory.copyFrom(sound);
            }
        }
    }

    @Test
    void shouldStayInsideWhileSomebodyScribbles(TestReporter reporter) throws Exception {
        reporter.publishEntry("seed", Long.toString(hostile.seed));
        var stop = new AtomicBoolean();
        var target = arena.allocate(Fixture.PAYLOAD, 8);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HostileBytes.times(700));
        try (var threads = Executors.newSingleThreadExecutor()) {
            var scribbling = threads.submit(() -> {
                while (!stop.get()) {
                    spoil();
                    if (hostile.random.nextInt(50) == 0) {
                        memory.copyFrom(sound);
                    }
                }
            });
            try {
                while (System.nanoTime() < end) {
                    refusedAtWorst(() -> {
                        try (var reader = reader(Profile.EVERY)) {
                            readSome(reader, target);
                        }
                    });
                }
            } finally {
                stop.set(true);
                scribbling.get(10, TimeUnit.SECONDS);
                memory.copyFrom(sound);
            }
        }
    }

    /** What a call takes on a processor; one that lasts half a millisecond has looked thousands of times. */
    @Test
    void shouldFollowAHeadThatRunsAwayForSoManyLooksOnly() throws Exception {
        var geometry = Geometry.of(64, Fixture.PAYLOAD);
        for (long slot = 0; slot < 64; slot++) {
            Abi.putLong(memory, geometry.slot(slot), Long.MAX_VALUE); // overtaken, whoever looks
        }
        var threads = ManagementFactory.getThreadMXBean();
        var runs = new AtomicBoolean(true);
        long all = 0;
        long inLongCalls = 0;
        try (var executor = Executors.newSingleThreadExecutor(); var reader = reader(Profile.EVERY)) {
            var running = executor.submit(() -> {
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                for (long head = 164; runs.get() && System.nanoTime() < end; head += 64) {
                    Abi.LONG.setOpaque(memory, Abi.H_HEAD, head);
                }
                return null;
            });
            while (!running.isDone() && all < 400_000_000) {
                long begin = threads.getCurrentThreadCpuTime();
                assertNull(reader.next());
                long took = threads.getCurrentThreadCpuTime() - begin;
                all += took;
                inLongCalls += took > 500_000 ? took : 0;
            }
            runs.set(false);
            running.get(10, TimeUnit.SECONDS);
        } finally {
            memory.copyFrom(sound);
        }
        assertTrue(inLongCalls <= all / 10, inLongCalls + " of " + all + " ns went into calls that did not end");
    }

    private void expectBroken(Consumer<MemorySegment> change) {
        memory.copyFrom(sound);
        try (var reader = reader(Profile.EVERY)) {
            for (int read = 0; read < READ_AHEAD; read++) {
                reader.next().release();
            }
            change.accept(memory);
            assertNull(reader.next());
            assertEquals(Ending.BROKEN, reader.ending());
        } finally {
            memory.copyFrom(sound);
        }
    }

    @Test
    void shouldCallEachUnsoundThingBroken() {
        long slot = Geometry.of(64, Fixture.PAYLOAD).slot(37 + READ_AHEAD);
        long format = Abi.HEADER_BYTES;
        expectBroken(m -> Abi.putLong(m, Abi.H_HEAD, 5));
        expectBroken(m -> Abi.putLong(m, Abi.H_HEAD, -5));
        expectBroken(m -> Abi.putLong(m, Abi.H_REGION_ID, 5));
        expectBroken(m -> Abi.putLong(m, slot, 0));
        expectBroken(m -> Abi.putLong(m, slot + Abi.D_PAYLOAD_BYTES, -1));
        expectBroken(m -> Abi.putLong(m, slot + Abi.D_PAYLOAD_BYTES, Fixture.PAYLOAD + 1));
        expectBroken(m -> Abi.putLong(m, slot + Abi.D_HANDLE, 64));
        expectBroken(m -> Abi.putLong(m, slot + Abi.D_HANDLE + 8, 64));
        expectBroken(m -> Abi.putInt(m, slot + Abi.D_FORMAT_ID, 0));
        expectBroken(m -> Abi.putInt(m, slot + Abi.D_FORMAT_ID, Integer.MAX_VALUE));
        expectBroken(m -> {
            Abi.putInt(m, slot + Abi.D_FORMAT_ID, 2);
            Abi.putInt(m, Abi.H_FORMAT_COUNT, 2);
        });
        expectBroken(m -> {
            Abi.putInt(m, slot + Abi.D_FORMAT_ID, 2);
            Abi.putInt(m, format + Abi.F_PLANES, 9);
        });
    }

    @Test
    void shouldHandOutNoBytesOfPayloadThatIsElsewhere() {
        long slot = Geometry.of(64, Fixture.PAYLOAD).slot(37);
        Abi.putInt(memory, slot + Abi.D_PAYLOAD_KIND, 3);
        Abi.putLong(memory, slot + Abi.D_PAYLOAD_BYTES, Long.MAX_VALUE);
        try (var reader = reader(Profile.EVERY); var lease = reader.next()) {
            assertEquals(0, lease.length());
            assertEquals(0, lease.copyOut(arena.allocate(8), 0));
            assertEquals(Checksum.ABSENT, lease.verify());
        }
    }

    @Test
    void shouldSayWhichFormatIsNone() {
        Abi.putInt(memory, Abi.HEADER_BYTES + Abi.F_WIDTH, 0);
        var refused = assertThrows(RingException.class, () -> reader(Profile.EVERY));
        assertTrue(refused.getMessage().startsWith("this is not a sound Mimir ring: entry 1 of its format table"),
                refused.getMessage());
    }
}
