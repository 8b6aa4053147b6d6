// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/**
 * Two builds of a driver in turns, fifty times, while another driver carries six cameras and 192 kHz. What {@code
 * mimir soak swap} proves in length, but for the durations, which a build does not judge.
 */
@Timeout(300)
class FiftySwapsTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim";
    private static final String LIBRARY = "libmimir_driver_sim.so";
    private static final List<String> BUILDS = List.of("usual", "other");

    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectBundleContext
    BundleContext context;

    private final List<Long> threads = new ArrayList<>();
    private final List<Long> descriptors = new ArrayList<>();
    private final List<Long> mappings = new ArrayList<>();
    private final List<Long> classes = new ArrayList<>();

    /** One who reads on over all swaps. Confined. */
    private static final class Staying {
        private final RingReader reader;
        private int epoch;

        Staying(Ring ring) {
            reader = ring.reader("stays", Profile.EVERY, Start.NOW);
            epoch = ring.stats().epoch();
        }

        /** Each item belongs to the epoch in hand or begins the next one; true at one of {@code wanted}. */
        boolean reaches(int wanted) {
            for (var lease = reader.next(); lease != null; lease = reader.next()) {
                int next = lease.descriptor().epoch();
                if (lease.release()) {
                    assertTrue(next == epoch || next == epoch + 1, () -> reader.source() + " went from epoch " + epoch
                            + " to " + next);
                    epoch = next;
                }
            }
            return epoch == wanted;
        }
    }

    @Test
    void shouldLeaveNothingBehindInFiftySwaps() throws IOException {
        var devices = SwapTest.sixCamerasAndAudioOnB("beside", Platform.camera(DRIVER, "fifty", 320, 240, 60, ""));
        devices.add(Platform.audio(DRIVER, "fifty.audio", 2, 48_000, ""));
        Platform.load(rigs, Platform.rig(devices));
        var staying = ringsOf("fifty").stream().map(Staying::new).toList();
        try (var witness = new Witness(workers, ringsOf("beside."))) {
            int first = epoch("fifty");
            for (int swap = 1; swap <= 50; swap++) {
                swap(BUILDS.get(swap % BUILDS.size()));
                int now = first + swap;
                staying.forEach(one -> Platform.await(() -> one.reaches(now), () -> one.reader.source()
                        + " is in epoch " + one.epoch + " and not in " + now));
                if (swap == 20) {
                    collected(); // takes also what the next swap makes anew
                } else if (swap > 20) {
                    weigh();
                }
            }
            witness.assertSawEverything();
            ringsOf("beside.").forEach(Stalls::assertNothingLost);
        } finally {
            staying.forEach(one -> one.reader.close());
        }
        assertWithin(0, threads, "threads");
        assertWithin(0, descriptors, "file descriptors");
        assertWithin(0, mappings, "mappings of Mimir");
        assertWithin(5, classes, "loaded classes");
    }

    private void swap(String build) throws IOException {
        var parts = Path.of(context.getProperty("mimir.root"), "run-configs/target/mimir/proof/parts");
        var outcome = swapper.swap(DRIVER, List.of(parts.resolve(DRIVER + ".jar"),
                parts.resolve(build).resolve(DRIVER + ".native.jar")));
        assertEquals(Swapped.Outcome.SWAPPED, outcome.outcome(), outcome::toString);
        var mapped = mappedLibraries(); // the usual one may also be there as another test has parked it
        assertTrue(mapped.contains("mimir_sim_build=" + build + '\0'), () -> build + " is not what is mapped");
        assertEquals(build.equals(BUILDS.getLast()), mapped.contains("mimir_sim_build=" + BUILDS.getLast() + '\0'));
    }

    /** What can be read of them, as they lie in memory: their files have no names any more. */
    private static String mappedLibraries() throws IOException {
        var text = new StringBuilder();
        try (var memory = new RandomAccessFile("/proc/self/mem", "r")) {
            for (var line : Files.readAllLines(Path.of("/proc/self/maps"))) {
                var words = line.split("[- ]", 4);
                if (line.contains(LIBRARY) && words[2].startsWith("r")) {
                    long from = Long.parseLong(words[0], 16);
                    var bytes = new byte[(int) (Long.parseLong(words[1], 16) - from)];
                    memory.seek(from);
                    memory.readFully(bytes);
                    text.append(new String(bytes, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return text.toString();
    }

    private void weigh() {
        threads.add(settled(() -> Platform.count("task")));
        descriptors.add(settled(() -> Platform.count("fd")));
        mappings.add(Platform.mapped("mimir"));
        classes.add(collected());
    }

    /**
     * Loaded classes when one more collection takes none away: loaders of former drivers go with a collection, and
     * forms of method handles that only they had used with the one after it.
     */
    private static long collected() {
        long last = Long.MAX_VALUE;
        long now = loaded();
        for (; now < last; now = loaded()) {
            last = now;
            System.gc();
        }
        return now;
    }

    private static long loaded() {
        return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    }

    /** A count that stays as it is for 50 ms: a thread that prepared a device ends shortly after it is published. */
    private static long settled(LongSupplier count) {
        var last = new long[] {-1, 0};
        Platform.await(() -> {
            long now = count.getAsLong();
            last[1] = now == last[0] ? last[1] + 1 : 0;
            last[0] = now;
            return last[1] == 25;
        }, () -> "the count never settled");
        return last[0];
    }

    /** No rise: what a test before has left behind may end in between, and is not the swaps'. */
    private static void assertWithin(long tolerance, List<Long> counts, String what) {
        long low = counts.getFirst();
        long rise = 0;
        for (long count : counts) {
            low = Math.min(low, count);
            rise = Math.max(rise, count - low);
        }
        assertTrue(rise <= 2 * tolerance, what + " over the last thirty swaps: " + counts);
    }
}
