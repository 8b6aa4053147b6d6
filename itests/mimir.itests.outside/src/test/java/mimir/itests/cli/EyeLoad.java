// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import mimir.itests.process.Control;
import mimir.ring.DropReason;

/**
 * What became of the frames of some emulated cameras while all of them were read bit by bit. Immutable.
 *
 * @param what which cameras
 * @param seconds how long they were watched
 * @param frames that were read
 * @param holes numbers of frames between them that were not
 * @param overtaken of these, lost by the reader of this test
 * @param missing lost before the ring, since the camera had not sent them
 * @param damaged lost before the ring for any other reason
 * @param skipped by the cameras
 * @param starved of these, because nothing had asked for them; the others the camera was late for
 * @param standstillMs the longest time for which a thread that only sleeps did not come back
 * @param stolenMs what the host of a virtual machine took from all processors
 */
record EyeLoad(String what, double seconds, long frames, long holes, long overtaken, long missing, long damaged,
        long skipped, long starved, double standstillMs, long stolenMs) {
    private static final long LOOK_NS = 4_000_000;
    private static final long DRAIN_NS = 200_000_000;
    private static final double ENOUGH_MS = 10;      // transfers in flight last 13 ms
    private static final long TICK_MS = 10;
    private static final int STEAL = 8;

    /**
     * Plugs cameras in, each on a bus of its own, watches them for a while and pulls them out. Their sources must be
     * there, without a camera.
     */
    static EyeLoad watch(String what, EyePlatform platform, Control control, List<Integer> identities, double seconds) {
        var readers = identities.stream().map(platform::reader).toList();
        var epochs = readers.stream().map(EyeReader::epoch).toList();
        var twins = identities.stream().map(n -> platform.twins().plug(n, 1, n)).toList();
        platform.await(() -> IntStream.range(0, readers.size()).mapToObj(n ->
                readers.get(n).isSteady(epochs.get(n) + 1)).allMatch(Boolean::valueOf), what);
        var before = new Sums(platform.twins(), twins, readers);
        readers.forEach(EyeReader::begin);
        control.takeWorstMs();
        read(readers, (long) (seconds * 1e9));
        double standstillMs = control.takeWorstMs();
        twins.forEach(platform.twins()::unplug);
        read(readers, DRAIN_NS);
        var after = new Sums(platform.twins(), twins, readers);
        readers.forEach(EyeReader::close);
        return new EyeLoad(what, seconds, sum(readers, EyeReader::frames), sum(readers, EyeReader::holes),
                sum(readers, EyeReader::overtaken), after.missing - before.missing, after.damaged - before.damaged,
                after.skipped - before.skipped, after.starved - before.starved, standstillMs,
                (after.stolen - before.stolen) * TICK_MS);
    }

    private static void read(List<EyeReader> readers, long ns) {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < ns) {
            readers.forEach(EyeReader::read);
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static <T> long sum(List<T> of, ToLongFunction<T> what) {
        return of.stream().mapToLong(what).sum();
    }

    /** Counters of all cameras. Immutable. */
    private record Sums(long missing, long damaged, long skipped, long starved, long stolen) {
        Sums(Twins twins, List<Long> cameras, List<EyeReader> readers) {
            this(sum(readers, one -> one.lost(DropReason.MISSING)), sum(readers, one -> one.lost(DropReason.CORRUPT)
                    + one.lost(DropReason.STALLED) + one.lost(DropReason.ABORTED)),
                    sum(cameras, one -> twins.counts(one).skipped()), sum(cameras, one -> twins.counts(one).starved()),
                    stealTicks());
        }
    }

    private static long stealTicks() {
        try {
            var words = Files.readAllLines(Path.of("/proc/stat")).getFirst().trim().split(" +");
            return words.length > STEAL ? Long.parseLong(words[STEAL]) : 0;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** True when frames were lost as the machine stood still, or its host took processors away. */
    boolean isDisturbed() {
        return starved + overtaken > 0 && (standstillMs > ENOUGH_MS || stolenMs > ENOUGH_MS);
    }

    /** Whatever the machine did: the driver lost nothing, and counted all that its cameras did not send. */
    void assertCounted() {
        assertEquals(0, damaged, this::toString);
        assertTrue(missing <= skipped, this::toString);
        assertTrue(holes <= missing + overtaken, this::toString);
    }

    /**
     * Every frame arrived that its camera was not late for.
     *
     * @param granted whether the capture thread had real-time priority; without, a hundredth may be lost
     */
    void assertArrived(double rateHz, int cameras, boolean granted) {
        assertTrue(starved <= (granted ? 0 : frames / 100), this::toString);
        assertEquals(0, overtaken, this::toString);
        assertTrue(frames + holes >= 0.99 * rateHz * cameras * seconds, this::toString);
    }
}
