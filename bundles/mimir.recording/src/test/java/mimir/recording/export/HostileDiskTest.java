// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import mimir.api.media.PixelFormat;
import mimir.api.recording.Exporter.Exported;
import mimir.recording.TestWorkers;
import mimir.ring.HostClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.log.Logger;

/** Disks that are full, vanish or stand still, and a process that is killed: one sentence, and nothing half-written. */
@Timeout(60)
class HostileDiskTest {
    private static final long S = 1_000_000_000L;
    private static final int FRAMES = 400;
    private static final int SIDE = 128;

    @TempDir
    Path scratch;

    private final FakeReservoir reservoir = frames();
    private final List<String> told = new CopyOnWriteArrayList<>();

    /** Some 6 MiB. */
    static FakeReservoir frames() {
        var reservoir = new FakeReservoir();
        long now = HostClock.nowNs();
        for (int n = 0; n < FRAMES; n++) {
            reservoir.add("cam", PixelFormat.GREY.packed(SIDE, SIDE, 0, 100, 1, 0), 1, n, now - 5 * S + n * S / 100,
                    SIDE, SIDE, new byte[SIDE * SIDE]);
        }
        return reservoir;
    }

    private List<Exported> export(Disk disk, Path folder) {
        return exporter(disk).export(List.of(), 10 * S, folder, told::add);
    }

    private ReservoirExporter exporter(Disk disk) {
        return new ReservoirExporter(reservoir, new FakeWindows(), new TestWorkers(), disk, scratch.resolve("state"));
    }

    private void assertNothingIsLeft(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var left = Files.list(folder)) {
                assertThat(left).isEmpty();
            }
        }
        try (var notes = Files.list(scratch.resolve("state/exports"))) {
            assertThat(notes).isEmpty();
        }
        assertThat(reservoir.pins).isZero();
    }

    @Test
    void shouldSayThatAFileSystemIsFull() throws Exception {
        var folder = Files.createDirectory(scratch.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=2m", "none", folder.toString()) == 0, "may mount nothing");
        try {
            assertThatThrownBy(() -> export(Disk.REAL, folder)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("disk full in " + folder + ": the export needs 6.3 MiB, 2.0 MiB are free;");
            assertThatThrownBy(() -> export(new Boastful(), folder)).isInstanceOf(UncheckedIOException.class)
                    .hasMessage("disk full in " + folder + ": the export needs 6.3 MiB, 0 B are free; free space or"
                            + " name another folder, nothing was written");
            assertNothingIsLeft(folder);
        } finally {
            assertThat(run("umount", folder.toString())).isZero();
        }
    }

    @Test
    void shouldSayThatAFileMayNotGrow() throws Exception {
        var me = Long.toString(ProcessHandle.current().pid());
        var folder = scratch.resolve("out");
        assumeTrue(run("prlimit", "--pid", me, "--fsize=2097152:") == 0, "no limits can be set");
        try {
            assertThatThrownBy(() -> export(Disk.REAL, folder)).isInstanceOf(UncheckedIOException.class)
                    .hasMessage("the export to " + folder + " failed (File too large); nothing was written");
        } finally {
            assertThat(run("prlimit", "--pid", me, "--fsize=unlimited:")).isZero();
        }
        assertNothingIsLeft(folder);
        assertThat(export(Disk.REAL, folder).getFirst().items()).isEqualTo(FRAMES);
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException none) {
            return -1;
        }
    }

    @Test
    void shouldSayThatTheFolderWentAway() throws IOException {
        var folder = scratch.resolve("out");

        assertThatThrownBy(() -> export(new HookedDisk(100, () -> delete(folder)), folder))
                .isInstanceOf(UncheckedIOException.class).hasMessage("folder " + folder
                        + " went away during the export; name one that stays, nothing was written");
        assertThat(folder).doesNotExist();
        assertNothingIsLeft(folder);
    }

    private static void delete(Path folder) {
        try (var all = Files.walk(folder)) {
            for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    @Test
    void shouldTellOfADiskThatStandsStillAndGoOnWithIt() throws Exception {
        var goesOn = new CountDownLatch(1);
        var export = CompletableFuture.supplyAsync(() -> export(stalled(goesOn, new CountDownLatch(1)),
                scratch.resolve("out")));
        while (told.stream().noneMatch(line -> line.contains("the disk has taken nothing for "))) {
            assertThat(export).isNotDone();
            Thread.onSpinWait();
        }
        goesOn.countDown();

        assertThat(export.get().getFirst().items()).isEqualTo(FRAMES);
        assertThat(told.getLast()).matches("exported 784\\.3 KiB of 6\\.3 MiB; the disk has taken nothing for [2-9] s,"
                + " export --cancel gives up");
    }

    @Test
    void shouldGiveUpWhileADiskStandsStill() throws Exception {
        var goesOn = new CountDownLatch(1);
        var stands = new CountDownLatch(1);
        var exporter = exporter(stalled(goesOn, stands));
        var folder = scratch.resolve("out");
        var ended = new CompletableFuture<Throwable>();
        var caller = Thread.ofPlatform().start(() -> {
            try {
                exporter.export(List.of(), 10 * S, folder, told::add);
            } catch (RuntimeException given) {
                ended.complete(given);
            }
        });
        stands.await();
        caller.interrupt();
        assertThat(ended.get()).isInstanceOf(CancellationException.class).hasMessage("the export to " + folder
                + " was interrupted; what it has begun goes as soon as the disk answers");

        var next = CompletableFuture.supplyAsync(() ->
                exporter.export(List.of(), 10 * S, scratch.resolve("next"), told::add));
        goesOn.countDown();
        assertThat(next.get().getFirst().items()).as("the next one has its turn").isEqualTo(FRAMES);
        assertNothingIsLeft(folder);
    }

    private static Disk stalled(CountDownLatch goesOn, CountDownLatch stands) {
        return new HookedDisk(100, () -> {
            try {
                stands.countDown();
                goesOn.await();
            } catch (InterruptedException wrong) {
                throw new AssertionError(wrong);
            }
        });
    }

    @Test
    void shouldTakeAwayWhatAKilledProcessLeftAndNothingElse() throws Exception {
        var folder = scratch.resolve("out");
        var state = scratch.resolve("state");
        var warnings = new CopyOnWriteArrayList<Object>();
        var log = (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, words) -> warnings.add(words[1]));
        var killed = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                KilledExport.class.getName(), folder.toString(), state.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var says = killed.inputReader()) {
            assertThat(says.readLine()).isEqualTo("standing still");
            exporter(Disk.REAL).cleanUp(log);
            assertThat(folder.resolve(".cam.y4m.part")).as("its process lives").exists();
        } finally {
            killed.destroyForcibly().waitFor();
        }
        var other = Files.writeString(folder.resolve(".other.part"), "somebody else's");
        try (var left = Files.list(folder)) {
            assertThat(left).as("no file has its name").containsExactlyInAnyOrder(other,
                    folder.resolve(".cam.y4m.part"));
        }
        exporter(Disk.REAL).cleanUp(log);

        assertThat(warnings).containsExactly(folder.resolve(".cam.y4m.part"));
        Files.delete(other);
        assertNothingIsLeft(folder);
    }

    /** A process whose disk stands still for ever. */
    static final class KilledExport {
        private KilledExport() {
        }

        /** Exports to the first folder with the state in the second. */
        public static void main(String[] folders) {
            var disk = new HookedDisk(100, () -> {
                System.out.println("standing still");
                while (true) {
                    Thread.onSpinWait();
                }
            });
            new ReservoirExporter(frames(), new FakeWindows(), new TestWorkers(), disk, Path.of(folders[1]))
                    .export(List.of(), 60 * S, Path.of(folders[0]), line -> { });
        }
    }

    /** A disk that has room when it is asked first, and then what it has. Confined. */
    private static final class Boastful implements Disk {
        private boolean asked;

        @Override
        public SeekableByteChannel create(Path file) throws IOException {
            return REAL.create(file);
        }

        @Override
        public long usableBytes(Path folder) throws IOException {
            long bytes = asked ? 0 : Long.MAX_VALUE; // full until what was begun is taken away
            asked = true;
            return bytes;
        }
    }
}
