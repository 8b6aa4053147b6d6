// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two threads throw an item to and fro over two rings, each asleep at a doorbell while the other has it. The answer
 * comes after a random moment, so that it often meets a reader that is just falling asleep. A lost wake-up shows as an
 * item that was there after a long sleep while nobody had rung. For a thread that was woken and waited for its turn,
 * somebody had; one that waited for its turn before it fell asleep never gave its processor away of its own accord.
 */
@Timeout(1200)
class LostWakeUpTest {
    private static final long RUN_NS = Long.getLong("mimir.seconds", 1) * 1_000_000_000L;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long LONG_NS = 200_000_000; // a sleeper looks again by itself after 250 ms
    private static final int MOST_DELAY = 400;

    /** {@code late}: found after long without having slept, on a machine that had no processor for it. */
    private record Throws(long number, long lost, long late) {
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNoWakeUp(RingSpec.Writer writtenBy) throws Exception {
        var played = play(LONG_NS, writtenBy, false);

        assertEquals(0, played.lost(), played::toString);
        assertTrue(played.number() > 100, played::toString);
    }

    /** Somebody hostile, or a writer that clears at the wrong moment: the mark is gone, and the reader sleeps on. */
    @ParameterizedTest
    @EnumSource
    void shouldFindThePlantedFaultOfAMarkThatIsWipedOut(RingSpec.Writer writtenBy) throws Exception {
        assertTrue(play(20_000_000, writtenBy, true).lost() > 0);
    }

    private static Throws play(long longNs, RingSpec.Writer writtenBy, boolean wipeMarks) throws Exception {
        try (var there = new Fixture(Map.of("manifests", "/dev/null/none"), writtenBy);
                var back = new Fixture(Map.of("manifests", "/dev/null/none"), writtenBy);
                var threads = Executors.newFixedThreadPool(3)) {
            var over = new AtomicBoolean();
            var answering = threads.submit(player(there, back, longNs, over, false));
            if (wipeMarks) {
                threads.submit(() -> {
                    while (!over.get()) {
                        wipe(there.owner);
                        wipe(back.owner);
                    }
                });
            }
            var served = player(back, there, longNs, over, true).call();
            var answered = answering.get();
            return new Throws(served.number(), served.lost() + answered.lost(), served.late() + answered.late());
        }
    }

    private static void wipe(RingOwner owner) {
        Abi.INT.setVolatile(owner.hints(), Abi.W_WAITERS, 0);
        Abi.INT.setVolatile(owner.nearHints(), Abi.W_WAITERS, 0);
    }

    private static Callable<Throws> player(Fixture from, Fixture to, long longNs, AtomicBoolean over,
            boolean serves) {
        var reader = from.reader(Profile.EVERY);
        var random = new SplittableRandom(serves ? 1 : 2);
        return () -> {
            long begin = System.nanoTime();
            long number = 0;
            var sleeps = new Sleeps();
            if (serves) {
                to.write(1);
            }
            while (!over.get()) {
                await(from, reader, longNs, over, sleeps);
                for (int i = random.nextInt(MOST_DELAY); i > 0; i--) {
                    Thread.onSpinWait();
                }
                if (serves && System.nanoTime() - begin > RUN_NS) {
                    over.set(true);
                }
                to.write(1);
                number++;
            }
            reader.close();
            return new Throws(number, sleeps.lost, sleeps.late);
        };
    }

    /** Takes one item. */
    private static void await(Fixture from, RingReader reader, long longNs, AtomicBoolean over, Sleeps sleeps) {
        while (!over.get()) {
            int bell = (int) Abi.INT.getAcquire(from.owner.region(), Abi.H_DOORBELL);
            var lease = reader.next();
            if (lease != null) {
                lease.release();
                return;
            }
            long before = sleeps.number();
            long begin = System.nanoTime();
            boolean there = reader.await(PATIENCE_NS);
            boolean rung = (int) Abi.INT.getAcquire(from.owner.region(), Abi.H_DOORBELL) != bell;
            if (there && !rung && System.nanoTime() - begin >= longNs && !over.get()) {
                sleeps.count(sleeps.number() > before);
            }
        }
    }

    /** How often one thread gave its processor away, and what it found afterwards. Confined to it. */
    private static final class Sleeps {
        private static final MethodHandle MH$getrusage = Linker.nativeLinker().downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("getrusage"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
        private static final int RUSAGE_THREAD = 1;
        private static final long RUSAGE_BYTES = 144;
        private static final long RU_NVCSW = 128; // getrusage(2): voluntary context switches

        private final MemorySegment usage = Arena.ofAuto().allocate(RUSAGE_BYTES, 8);
        private long lost;
        private long late;

        long number() {
            try {
                assertEquals(0, (int) MH$getrusage.invokeExact(RUSAGE_THREAD, usage));
            } catch (Throwable impossible) {
                throw new AssertionError(impossible);
            }
            return usage.get(JAVA_LONG, RU_NVCSW);
        }

        void count(boolean slept) {
            lost += slept ? 1 : 0;
            late += slept ? 0 : 1;
        }
    }
}
