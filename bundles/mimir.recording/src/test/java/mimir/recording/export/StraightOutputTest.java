// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import mimir.recording.TestWorkers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes past the memory of the system: every byte, and no other end than that of the ordinary way. */
@Timeout(60)
class StraightOutputTest {
    private static final long S = 1_000_000_000L;
    private static final int HEAD = 80;

    @TempDir
    Path scratch;

    private final FakeReservoir reservoir = HostileDiskTest.frames();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @Test
    void shouldWriteWhatTheOrdinaryWayWrites() throws IOException {
        int block = Blocks.ALIGNMENT;
        for (int length : new int[] {HEAD, block - 1, block, block + 1, Blocks.BYTES - block, Blocks.BYTES,
            5 * Blocks.BYTES, 11_000_003}) {
            assertThat(written(length, true)).as("%d bytes", length).hasSize(length)
                    .isEqualTo(written(length, false));
        }
    }

    /** In pieces of any size, small and large, with another head in the end. */
    private byte[] written(int length, boolean straight) throws IOException {
        var file = Files.createTempFile(scratch, "out", "");
        var random = new Random(length);
        var bytes = new byte[length];
        random.nextBytes(bytes);
        var blocks = new Blocks(new Progress());
        var disk = Thread.ofPlatform().start(() -> {
            while (!Thread.interrupted()) {
                blocks.write(S / 100);
            }
        });
        var ordinary = FileChannel.open(file, StandardOpenOption.WRITE);
        try (var out = straight ? new StraightOutput(ordinary, Disk.REAL.straight(file), blocks)
                : new BufferedOutput(ordinary, ByteBuffer.allocateDirect(1 << 20))) {
            for (int at = 0; at < length;) {
                int next = Math.min(length - at, 1 + random.nextInt(random.nextBoolean() ? 99 : 3_000_000));
                if (next <= out.capacity()) {
                    out.room(next).put(bytes, at, next);
                } else {
                    out.write(ByteBuffer.wrap(bytes, at, next));
                }
                at += next;
                assertThat(out.written()).isEqualTo(at);
            }
            out.replaceHead(ByteBuffer.wrap(new byte[HEAD]));
            out.complete();
        } finally {
            disk.interrupt();
        }
        blocks.close();
        return Files.readAllBytes(file);
    }

    @Test
    void shouldExportTheSameFile() throws IOException {
        var ordinary = export(new HookedDisk(-1, () -> { }), "ordinary");
        assertThat(Files.mismatch(export(Disk.REAL, "straight"), ordinary)).isEqualTo(-1);
        var seen = new AtomicInteger();
        assertThat(Files.mismatch(export(new Straight(n -> seen.incrementAndGet()), "seen"), ordinary)).isEqualTo(-1);
        assertThat(seen).as("blocks").hasValueGreaterThan(2);
    }

    private Path export(Disk disk, String folder) {
        return exporter(disk).export(List.of(), 60 * S, scratch.resolve(folder), told::add).getFirst().file();
    }

    private ReservoirExporter exporter(Disk disk) {
        return new ReservoirExporter(reservoir, new FakeWindows(), new TestWorkers(), disk, null);
    }

    @Test
    void shouldSayWhatTheDiskSays() {
        var folder = scratch.resolve("out");
        assertThatThrownBy(() -> export(new Straight(n -> {
            if (n == 2) {
                throw new IOException("No space left on device");
            }
        }), "out")).isInstanceOf(UncheckedIOException.class).hasMessageStartingWith("disk full in " + folder)
                .hasMessageEndingWith("nothing was written");
        assertThat(folder).doesNotExist();
    }

    @Test
    void shouldGiveUpWhileTheDiskStandsStill() throws Exception {
        var goesOn = new CountDownLatch(1);
        var exporter = exporter(new Straight(n -> {
            if (n == 2) {
                await(goesOn);
            }
        }));
        var export = CompletableFuture.supplyAsync(() ->
                exporter.export(List.of(), 60 * S, scratch.resolve("out"), told::add));
        while (told.stream().noneMatch(line -> line.contains("the disk has taken nothing for "))) {
            assertThat(export).isNotDone();
            Thread.onSpinWait();
        }
        assertThat(exporter.cancel()).isTrue();
        goesOn.countDown();

        assertThatThrownBy(export::get).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(CancellationException.class);
        assertThat(scratch.resolve("out")).doesNotExist();
        assertThat(export(Disk.REAL, "next")).as("the next one").exists();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException wrong) {
            throw new AssertionError(wrong);
        }
    }

    /** Something happens before each block, counted from 1. */
    private interface Hook {
        void before(int block) throws IOException;
    }

    private record Straight(Hook hook) implements Disk {
        @Override
        public SeekableByteChannel create(Path file) throws IOException {
            return REAL.create(file);
        }

        @Override
        public SeekableByteChannel straight(Path file) {
            try {
                return new HookedChannel(FileChannel.open(file, StandardOpenOption.WRITE), hook, new AtomicInteger());
            } catch (IOException refused) {
                throw new UncheckedIOException(refused);
            }
        }

        @Override
        public long usableBytes(Path folder) throws IOException {
            return REAL.usableBytes(folder);
        }
    }

    /** Blocks are written one after the other, and nothing else. */
    private record HookedChannel(FileChannel file, Hook hook, AtomicInteger blocks) implements SeekableByteChannel {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            assertThat(bytes.remaining() % Blocks.ALIGNMENT).isZero();
            hook.before(blocks.incrementAndGet());
            return file.write(bytes);
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        @Override
        public int read(ByteBuffer bytes) {
            throw new AssertionError();
        }

        @Override
        public long position() {
            throw new AssertionError();
        }

        @Override
        public SeekableByteChannel position(long to) {
            throw new AssertionError();
        }

        @Override
        public long size() {
            throw new AssertionError();
        }

        @Override
        public SeekableByteChannel truncate(long to) {
            throw new AssertionError();
        }
    }
}
