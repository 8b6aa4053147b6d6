// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import mimir.ring.Ending;
import mimir.ring.ForeignRings;
import mimir.ring.HostClock;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the writing process at random instants, with a Java and a C reader attached. The build does 40 of
 * them, {@code -Dmimir.long=true} 200 (docs/ring-abi.md, "Between processes"), {@code -Dmimir.kills=N} as many.
 */
@Timeout(1500)
class KillTest {
    private static final int KILLS = Integer.getInteger("mimir.kills", Boolean.getBoolean("mimir.long") ? 200 : 40);
    private static final int MOST_KILLS = Math.max(200, KILLS);
    private static final double LIMIT_MS = 100;
    private static final double WORST_MS = 1_000;

    @TempDir
    Path folder;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Control control = new Control();
    private final Random random = new Random(KILLS);
    private final List<Double> javaMs = new ArrayList<>();
    private final List<Double> nativeMs = new ArrayList<>();

    @AfterEach
    void endThreads() {
        control.close();
        threads.shutdownNow();
    }

    @Test
    void shouldOutliveEveryKilledWriterWithoutATornItem() throws Exception {
        threads.submit(control);
        var rings = Files.createDirectory(folder.resolve("rings"));
        for (int kill = 0; kill < KILLS || isLate() && kill < MOST_KILLS; kill++) {
            boolean onFile = kill % 4 == 3;
            try (var victim = kill % 20 == 19 ? Child.jvm(manifests(), JvmWriter.class, manifests())
                    : onFile ? Child.program(manifests(), "test/victim", manifests(), rings)
                    : Child.program(manifests(), "test/victim", manifests())) {
                killOne(victim.ready());
            }
            requireClean(rings, kill % 20 != 19 && onFile);
        }
        tell("Java", javaMs);
        tell("C", nativeMs);
    }

    private void killOne(Child victim) throws InterruptedException, ExecutionException, TimeoutException {
        try (var ring = new ForeignRings(manifests()).open("victim");
                var witness = Child.program(manifests(), "test/witness", "victim").ready()) {
            var survivor = new Survivor(ring, random.nextInt(1, 5_000));
            var reading = threads.submit(survivor::read);
            await(() -> survivor.hasSeenEnough() || reading.isDone());
            control.takeWorstMs();
            long killedNs = HostClock.nowNs();
            victim.kill();

            var account = reading.get(10, TimeUnit.SECONDS);
            var words = witness.line().split(" ");
            double hiccupMs = control.takeWorstMs();
            javaMs.add((account.atNs() - killedNs) / 1e6 - hiccupMs);
            nativeMs.add((Long.parseLong(words[1]) - killedNs) / 1e6 - hiccupMs);
            requireSound(account, words);
            assertEquals(0, witness.exitCode());
        }
    }

    private static void requireSound(Survivor.Account account, String[] witness) {
        assertEquals(Ending.WRITER_GONE, account.ending());
        assertEquals(0, account.unsound());
        assertTrue(account.stats().conserved() && account.stats().pending() == 0, account::toString);
        assertEquals(List.of("gone", "0", Long.toString(account.head())),
                List.of(witness[0], witness[4], witness[5]));
    }

    /** A region in a file can still be opened; the next start removes all that is left. */
    private void requireClean(Path rings, boolean onFile) throws IOException {
        if (onFile) {
            try (var late = new ForeignRings(manifests()).open("victim")) {
                assertEquals(Ending.WRITER_GONE, new Survivor(late, 0).read().ending());
            }
        }
        new RingStore(Map.of("manifests", manifests().toString(), "dir", rings.toString())).close();
        try (var left = Files.list(rings); var shared = Files.list(Path.of("/dev/shm"));
                var maps = Files.lines(Path.of("/proc/self/maps"))) {
            assertEquals(0, left.count());
            assertTrue(!Files.exists(manifests()) || manifests().toFile().list().length == 0);
            assertEquals(List.of(), shared.filter(file -> file.toString().contains("mimir")).toList());
            assertFalse(maps.anyMatch(line -> line.contains("victim")));
        }
    }

    /** None of few may be late; one that is says little, beside other builds, and so many more have to tell. */
    private boolean isLate() {
        return p99(javaMs) > LIMIT_MS || p99(nativeMs) > LIMIT_MS;
    }

    /** Of fewer than a hundred the worst. */
    private static double p99(List<Double> ms) {
        return ms.stream().sorted().toList().get(ms.size() - 1 - ms.size() / 100);
    }

    private static void tell(String language, List<Double> ms) {
        double p99 = p99(ms);
        Collections.sort(ms);
        System.out.printf("%s reader told the death of %d writers: p50 %.1f ms, p99 %.1f ms, worst %.1f ms%n", language,
                ms.size(), ms.get(ms.size() / 2), p99, ms.getLast());
        assertTrue(p99 <= LIMIT_MS && ms.getLast() <= WORST_MS, language + ": " + ms);
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "the reader gets nothing");
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Path manifests() {
        return folder.resolve("manifests");
    }
}
