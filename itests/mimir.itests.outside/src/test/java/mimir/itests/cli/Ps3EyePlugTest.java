// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import mimir.itests.process.Control;
import mimir.ring.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * One camera is pulled out in mid-stream a hundred times, at any instant of a frame, and plugged in at the same port or
 * at another; then the driver is swapped fifty times while both cameras stream. All frames that arrive are compared bit
 * by bit. Each plug is an event of the source within 200 ms beyond what a thread that only sleeps was late by.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(240)
class Ps3EyePlugTest {
    private static final int PORTS = 8;
    private static final int REPLUGS = 100;
    private static final int SWAPS = 50;
    private static final int WARM_SWAPS = 20;
    private static final int FEW_FRAMES = 3;
    private static final double GOAL_MS = 200;
    private static final long SETTLED_NS = 50_000_000;

    @TempDir
    Path scratch;

    private final List<Told> removed = new ArrayList<>();
    private final List<Told> arrived = new ArrayList<>();
    private final List<Long> threads = new ArrayList<>();
    private final List<Long> descriptors = new ArrayList<>();
    private final List<Long> mappings = new ArrayList<>();
    private long moving;
    private long staying;
    private long skipped;

    /** How long an event took, and how late a thread that only sleeps was meanwhile. Immutable. */
    private record Told(long ms, double lateMs) {
    }

    @Test
    void shouldOutliveReplugsAndSwapsInMidStream() throws Exception {
        Twins.assumeInstalled();
        try (var platform = new EyePlatform(scratch, EyePlatform.device(1, 640, 480, "BAYER_GRBG8", 60) + ","
                + EyePlatform.device(2, 640, 480, "BAYER_GRBG8", 60)); var control = new Control()) {
            Thread.ofPlatform().daemon().name("control").start(control);
            moving = platform.twins().plug(1, 1, 1);
            staying = platform.twins().plug(2, 1, 2);
            platform.mimir().untilItSays("running");
            try (var one = platform.reader(1); var other = platform.reader(2)) {
                platform.command("set eye.1 contrast=77");
                shouldComeBackAsItself(platform, control, one, other);
                shouldSwapWithTransfersInFlight(platform, one, other);
                assertWhole(platform, one, other);
            }
            platform.end();
        }
    }

    private void shouldComeBackAsItself(EyePlatform platform, Control control, EyeReader one, EyeReader other) {
        int port = 1;
        for (int round = 1; round <= REPLUGS; round++) {
            int epoch = round;
            platform.await(() -> one.has(epoch, FEW_FRAMES), "eye.1 sends nothing in epoch " + epoch);
            other.read();
            LockSupport.parkNanos(round * 167_000L); // of the 16.7 ms of a frame, each hundredth once
            removed.add(told(platform, control, "eye.1 is at no port", () ->
                    platform.twins().unplug(moving)));
            skipped += platform.twins().counts(moving).skipped();
            port = round % 2 == 0 ? port : port % PORTS + 1;
            int now = port;
            arrived.add(told(platform, control, "eye.1 is at 1-" + port, () ->
                    moving = platform.twins().plug(1, now, 1)));
        }
        platform.await(() -> one.has(REPLUGS + 1, FEW_FRAMES), "eye.1 did not come back");
        assertTrue(other.has(1, REPLUGS), "eye.2 was disturbed");
        assertSet(platform);
        show("removal", removed);
        show("arrival", arrived);
    }

    /** The camera itself, which is asked for it, has what was set of its source before. */
    private static void assertSet(EyePlatform platform) {
        var told = platform.command("set eye.1");
        assertTrue(told.lines().anyMatch(line -> line.matches("eye.1 +contrast +77 .*")), told);
    }

    /**
     * How long it took from the plug until all who listen to the source had been told, which the log says after that.
     * Both ends are as the platform's process stamps them, and not when a thread of this one was let look.
     */
    private static Told told(EyePlatform platform, Control control, String words, Runnable event) {
        platform.forgetLog();
        control.takeWorstMs();
        event.run();
        platform.await(() -> platform.logged(words), "never told: " + words);
        return new Told(platform.saidMs(words) - platform.twins().pluggedMs(), control.takeWorstMs());
    }

    private static void show(String what, List<Told> events) {
        var sorted = events.stream().sorted(Comparator.comparing(Told::ms)).toList();
        System.out.printf("%s told after %d ms (median), %d ms (worst of %d)%n", what,
                sorted.get(sorted.size() / 2).ms, sorted.getLast().ms, sorted.size());
        assertTrue(sorted.stream().allMatch(one -> one.ms - one.lateMs < GOAL_MS), sorted::toString);
    }

    private void shouldSwapWithTransfersInFlight(EyePlatform platform, EyeReader one, EyeReader other) {
        int firstOfOne = one.epoch();
        int firstOfOther = other.epoch();
        for (int swap = 1; swap <= SWAPS; swap++) {
            int done = swap;
            platform.await(() -> platform.twins().counts(moving).queued() > 0
                    && platform.twins().counts(staying).queued() > 0, "no transfer is in flight");
            assertTrue(platform.command("swap mimir.driver.ps3eye").contains("swapped"));
            platform.await(() -> one.has(firstOfOne + done, FEW_FRAMES) && other.has(firstOfOther + done, FEW_FRAMES),
                    "not back after swap " + done);
            if (swap > WARM_SWAPS) {
                threads.add(settled(() -> platform.count("task")));
                descriptors.add(settled(() -> platform.count("fd")));
                mappings.add(platform.mappings("mimir"));
            }
        }
        assertSet(platform);
        assertNoRise(threads, "threads");
        assertNoRise(descriptors, "file descriptors");
        assertNoRise(mappings, "mappings of Mimir");
    }

    /** A count that stays as it is for a while: threads end shortly after what they did. */
    private static long settled(LongSupplier count) {
        long last = count.getAsLong();
        long since = System.nanoTime();
        for (long begin = since; System.nanoTime() - since < SETTLED_NS;) {
            LockSupport.parkNanos(2_000_000);
            long now = count.getAsLong();
            since = now == last ? since : System.nanoTime();
            last = now;
            assertTrue(System.nanoTime() - begin < Duration.ofSeconds(20).toNanos(), "a count never settles");
        }
        return last;
    }

    private static void assertNoRise(List<Long> counts, String what) {
        System.out.println(what + " over the last swaps: " + counts.getFirst() + " to " + counts.getLast());
        long least = Collections.min(counts);
        assertTrue(counts.getLast() <= least, () -> what + " over the last swaps: " + counts);
    }

    /** Nothing was lost but with the plug, in a swap, or as a camera itself was late. */
    private void assertWhole(EyePlatform platform, EyeReader one, EyeReader other) {
        skipped += platform.twins().counts(moving).skipped() + platform.twins().counts(staying).skipped();
        for (var reader : List.of(one, other)) {
            reader.read();
            System.out.println(reader + ": " + reader.frames() + " frames, " + reader.holes() + " holes, lost "
                    + reader.stats().droppedAtSource());
            assertEquals(0, reader.lost(DropReason.CORRUPT), () -> reader.stats().toString());
            assertEquals(0, reader.lost(DropReason.STALLED), () -> reader.stats().toString());
        }
        assertTrue(one.holes() + other.holes() <= skipped + one.overtaken() + other.overtaken(), () -> skipped
                + " skipped by cameras, " + one.overtaken() + " and " + other.overtaken() + " overtaken");
        assertTrue(one.lost(DropReason.UNPLUGGED) > 0, () -> one.stats().toString());
        assertEquals(0, other.lost(DropReason.UNPLUGGED), () -> other.stats().toString());
    }
}
