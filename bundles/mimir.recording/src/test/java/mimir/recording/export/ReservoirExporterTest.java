// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.recording.Exporter.Exported;
import mimir.api.reservoir.Missing;
import mimir.api.reservoir.Window.State;
import mimir.recording.TestWorkers;
import mimir.ring.HostClock;
import mimir.ring.RingFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReservoirExporterTest {
    private static final long S = 1_000_000_000L;

    @TempDir
    Path folder;

    private final FakeReservoir reservoir = new FakeReservoir();
    private final FakeWindows windows = new FakeWindows();
    private final long now = HostClock.nowNs();
    private final List<String> told = new CopyOnWriteArrayList<>();

    @Test
    void shouldExportExactlyTheLastSecondsOfEverySource() throws IOException, InterruptedException {
        for (int n = 0; n < 100; n++) {
            frame("cam", grey(), 1, n, now - 8 * S + n * S / 10);
        }
        for (int n = 0; n < 1000; n++) {
            block("mic", 1, n, now - 8 * S + n * S / 100, 480);
        }

        var files = export(List.of(), 5 * S);

        assertThat(files).extracting(Exported::source).containsExactly("cam", "mic");
        assertThat(files.get(0).items()).isBetween(49L, 51L);
        assertThat(files.get(1).seconds()).isBetween(4.99, 5.01);
        assertThat(Tools.probe(files.get(0).file(), "width,height,r_frame_rate,nb_read_frames"))
                .contains("width=16", "height=4", "r_frame_rate=10/1", "nb_read_frames=" + files.get(0).items());
        assertThat(Tools.probe(files.get(1).file(), "codec_name,sample_rate,channels,channel_layout"))
                .contains("pcm_f32le", "sample_rate=48000", "channels=2");
        assertThat(Tools.run("sox", "--i", files.get(1).file().toString())).contains(files.get(1).items() + " samples");
        assertThat(files).allSatisfy(file -> assertThat(file.file()).hasSize(file.bytes()));
        assertThat(reservoir.pins).isZero();
    }

    @Test
    void shouldInterleaveSamplesBitForBitAndFillHolesWithSilence() throws IOException {
        block("mic", 1, 0, now - 3 * S, 4);
        block("mic", 1, 3, now - 2 * S, 4);
        reservoir.counter("mic", 0);
        block("mic", 1, 6, now - S, 3);
        reservoir.counter("mic", 13);

        var file = export(List.of("mic"), 5 * S).getFirst();
        var samples = ByteBuffer.wrap(Files.readAllBytes(file.file())).order(ByteOrder.LITTLE_ENDIAN);
        int head = new WavHeader(2, 48000).bytes();

        assertThat(file.items()).isEqualTo(4 + 8 + 4 + 9 + 3);
        assertThat(file.missing()).isEqualTo(4);
        assertThat(samples.getFloat(head)).isEqualTo(sample(0, 0, 0));
        assertThat(samples.getFloat(head + 3 * 8 + 4)).isEqualTo(sample(0, 1, 3));
        assertThat(samples.getFloat(head + 4 * 8)).isZero();
        assertThat(samples.getFloat(head + 12 * 8 + 4)).isEqualTo(sample(3, 1, 0));
        assertThat(samples.getFloat(head + 27 * 8)).isEqualTo(sample(6, 0, 2));
    }

    @Test
    void shouldRepeatTheFrameBeforeALossAndBelieveNoHoleLongerThanTime() throws IOException {
        frame("cam", grey(), 1, 1, now - 3 * S);
        frame("cam", grey(), 1, 4, now - 3 * S + 3 * S / 10);
        frame("cam", grey(), 1, 1_000_000, now - 3 * S + 5 * S / 10);

        var file = export(List.of(), 5 * S).getFirst();
        var frames = Y4m.read(file.file(), 64).frames();

        assertThat(frames).extracting(frame -> frame[0])
                .containsExactly((byte) 1, (byte) 1, (byte) 1, (byte) 4, (byte) 4, (byte) 4, (byte) 4,
                (byte) 1_000_000);
        assertThat(file.missing()).isEqualTo(2 + 999_995);
    }

    @Test
    void shouldBeginANewFileForEachEpochAndFormat() {
        frame("cam", grey(), 1, 0, now - 3 * S);
        frame("cam", grey(), 2, 0, now - 2 * S);
        frame("cam", PixelFormat.GREY.packed(8, 4, 0, 10, 1, 0), 2, 1, now - S);

        assertThat(export(List.of(), 5 * S)).extracting(file -> file.file().getFileName().toString())
                .containsExactly("cam.y4m", "cam.e2.y4m", "cam.e2.p2.y4m");
    }

    @Test
    void shouldTakePackedFormatsApartExactly() throws IOException {
        reservoir.add("yuyv", PixelFormat.YUYV.packed(4, 1, 1, 60, 1, 0), 1, 0, now - S, 4, 1,
                new byte[] {1, 11, 2, 21, 3, 12, 4, 22});
        reservoir.add("nv12", PixelFormat.NV12.packed(3, 2, 0, 60, 1, 0), 1, 0, now - S, 3, 2,
                new byte[] {1, 2, 3, 4, 5, 6, 11, 21, 12, 22});
        reservoir.add("rgb", PixelFormat.RGB24.packed(2, 1, 0, 60, 1, 0), 1, 0, now - S, 2, 1,
                new byte[] {-1, -1, -1, 0, 0, -1});
        var padded = new RingFormat(PixelFormat.BAYER_GRBG.code(), 0, 2, 2, 60, 1, List.of(1L), List.of(3), 7, 0);
        reservoir.add("bayer", padded, 1, 0, now - S, 2, 2, new byte[] {0, 1, 2, 0, 3, 4, 0});

        export(List.of(), 5 * S);

        holds("yuyv", "C422 XCOLORRANGE=LIMITED", 1, 2, 3, 4, 11, 12, 21, 22);
        holds("nv12", "C420", 1, 2, 3, 4, 5, 6, 11, 12, 21, 22);
        holds("rgb", "C444 XCOLORRANGE=FULL", 255, 29, 128, 255, 128, 107);
        holds("bayer", "Cmono XCOLORRANGE=FULL", 1, 2, 3, 4);
    }

    /** Rows are taken apart eight bytes at a time, and what is left at their ends one by one. */
    @Test
    void shouldTakeRowsOfAnyLengthApart() throws IOException {
        for (int width = 2; width <= 24; width += 2) {
            var packed = new byte[2 * width * 3];
            for (int i = 0; i < packed.length; i++) {
                packed[i] = (byte) (i + 1);
            }
            reservoir.add("yuyv" + width, PixelFormat.YUYV.packed(width, 3, 1, 60, 1, 0), 1, 0, now - S, width, 3,
                    packed);
        }

        export(List.of(), 5 * S);

        for (int width = 2; width <= 24; width += 2) {
            int pixels = 3 * width;
            var planes = IntStream.concat(IntStream.range(0, pixels).map(i -> 2 * i), IntStream.concat(
                    IntStream.range(0, pixels / 2).map(i -> 4 * i + 1), IntStream.range(0, pixels / 2).map(i ->
                    4 * i + 3))).map(i -> i + 1).toArray();
            holds("yuyv" + width, "C422 XCOLORRANGE=LIMITED", planes);
        }
    }

    private void holds(String source, String chroma, int... bytes) throws IOException {
        var file = Y4m.read(folder.resolve("out/" + source + ".y4m"), bytes.length);
        var expected = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            expected[i] = (byte) bytes[i];
        }
        assertThat(file.head()).endsWith(chroma).contains("F60:1 Ip A1:1");
        assertThat(file.frames()).containsExactly(expected);
    }

    @Test
    void shouldRefuseWhatCannotBeExported() throws IOException {
        frame("cam", grey(), 1, 0, now - 9 * S);
        var file = Files.createFile(folder.resolve("file"));

        refuses(() -> export(List.of("cab"), S), "no source 'cab'; it knows cam");
        refuses(() -> export(List.of("cam"), S), "source cam has no items of the last 1.0 s");
        refuses(() -> export(List.of(), S), "the reservoir holds no items of the last 1.0 s");
        refuses(() -> export(List.of(), -S), "must be longer than nothing");
        refuses(() -> exporter().export(List.of(), 20 * S, file, told::add), "is not a folder");
        refuses(() -> exporter().export(List.of(), 20 * S, file.resolve("sub"), told::add),
                "is not a folder");
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(reservoir.pins).isZero();
    }

    private static void refuses(Runnable export, String why) {
        assertThatThrownBy(export::run).isInstanceOf(BadInputException.class).hasMessageContaining(why);
    }

    @Test
    void shouldExportWhatIsThereWhenTheWindowBeginsBeforeTheEdge() {
        frame("cam", grey(), 1, 0, now - S);
        reservoir.edgeNs = now - 2 * S;

        assertThat(export(List.of(), 100 * S).getFirst().items()).isOne();
        assertThat(told).singleElement().asString().startsWith("the reservoir holds only the last 2.");
    }

    /** The edge passed the first, and what came between two and a half and one second ago was refused. */
    @Test
    void shouldTellWhatWasAskedForAndIsNotThere() {
        for (int n = 0; n < 50; n++) {
            if (n < 25 || n > 40) {
                frame("cam", grey(), 1, n, now - 5 * S + n * S / 10);
            }
        }
        frame("gone", grey(), 1, 0, now - 9 * S);
        frame("gone", grey(), 1, 31, now - S / 2);
        reservoir.edgeNs = now - 4 * S;
        reservoir.evicted = 7;

        var late = export(List.of("cam"), 2 * S).getFirst();
        assertThat(late.items()).isEqualTo(9);
        assertThat(late.why()).isEqualTo(new Missing(0, 16, 0, 0, 0));
        assertThat(late.missing()).isEqualTo(16);
        assertThat(export(List.of("cam"), 100 * S).getFirst().why()).isEqualTo(new Missing(7, 16, 0, 0, 0));
        refuses(() -> exporter().export(List.of("gone"), S / 4, folder.resolve("out"), told::add),
                "source gone has no items of the last 0.3 s; ask for a longer window");
    }

    @Test
    void shouldTellOfASourceOfWhichNothingIsThere() {
        frame("cam", grey(), 1, 0, now - S);
        frame("gone", grey(), 1, 0, now - 9 * S);
        reservoir.refused = Map.of("gone", 60L);

        var files = export(List.of(), 5 * S);

        assertThat(files.getFirst().why()).isEqualTo(Missing.NOTHING);
        assertThat(files.getLast()).isEqualTo(new Exported("gone", null, 0, 0, 0, 60, new Missing(0, 60, 0, 0, 0)));
        assertThat(told).containsExactly("left out: nothing is there of gone in the last 5.0 s (60 refused)");
        refuses(() -> export(List.of("gone"), 5 * S), "no items of the last 5.0 s (60 refused); ask for");
    }

    @Test
    void shouldLeaveNothingBehindWhenTheDiskIsFull() throws IOException {
        frames(100);
        var small = new Refusing(200, Long.MAX_VALUE);
        var full = new Refusing(Long.MAX_VALUE, 2000);

        fails(small, "disk full in " + folder.resolve("out/deep"), "needs 6.9 KiB, 200 B are free");
        fails(full, "disk full in " + folder.resolve("out/deep"), "nothing was written");

        Files.createDirectory(folder.resolve("out"));
        var before = Files.writeString(folder.resolve("out/cam.y4m"), "an older export");
        assertThatThrownBy(() -> exporter(full)
                .export(List.of(), 100 * S, folder.resolve("out"), told::add))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(before).hasContent("an older export");
        try (var left = Files.list(folder.resolve("out"))) {
            assertThat(left).containsExactly(before);
        }
    }

    private void fails(Disk disk, String... sentence) {
        assertThatThrownBy(() -> exporter(disk)
                .export(List.of(), 100 * S, folder.resolve("out/deep"), told::add))
                .isInstanceOf(UncheckedIOException.class).hasMessageContainingAll(sentence);
        assertThat(folder.resolve("out")).doesNotExist();
        assertThat(reservoir.pins).isZero();
    }

    @Test
    void shouldGiveUpWhenThePlatformStops() throws InterruptedException {
        frames(10);
        var exporter = exporter();
        exporter.close();

        assertThatThrownBy(() -> exporter.export(List.of(), 100 * S, folder.resolve("out"), told::add))
                .isInstanceOf(CancellationException.class);
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void shouldReplaceAnOlderExportAndKeepFilesPrivate() throws IOException {
        frames(1);
        export(List.of(), 100 * S);
        frames(2);

        var file = export(List.of(), 100 * S).getFirst();

        assertThat(file.items()).isEqualTo(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.file()))).isEqualTo("rw-------");
    }

    @Test
    void shouldExportAWindowOnceItIsCompleteAndReleaseIt() throws Exception {
        frames(10);
        windows.put("w1", now - 20 * S, now - 19 * S - S / 2, State.FILLING, "");
        var export = CompletableFuture.supplyAsync(() ->
                exporter().exportWindow("w1", List.of(), folder.resolve("out"), told::add));
        while (windows.uses == 0 || told.isEmpty()) {
            assertThat(export).isNotDone();
            Thread.onSpinWait();
        }
        windows.put("w1", now - 20 * S, now - 19 * S - S / 2, State.COMPLETE, "");

        assertThat(export.get().getFirst().items()).isEqualTo(5);
        assertThat(told).containsExactly("window w1 still fills");
        assertThat(windows.find("w1").orElseThrow().reason()).startsWith("it was exported to ");
        assertThat(windows.uses).isZero();
        refuses(() -> exporter().exportWindow("w1", List.of(), folder.resolve("out"), told::add),
                "there is no window 'w1'");
    }

    @Test
    void shouldLeaveAWindowWhoseExportFailsForAnotherOne() {
        frames(10);
        windows.put("w1", now - 20 * S, now, State.COMPLETE, "");

        assertThatThrownBy(() -> exporter(new Refusing(200, Long.MAX_VALUE)).exportWindow("w1", List.of(),
                folder.resolve("out"), told::add)).hasMessageStartingWith("disk full in ");
        assertThat(windows.find("w1").orElseThrow().kept()).isTrue();
        refuses(() -> exporter().exportWindow("w1", List.of("cab"), folder, told::add), "no source 'cab'");
        assertThat(windows.uses).isZero();
    }

    @Test
    void shouldGiveUpAnExportThatWaitsForItsWindow() throws Exception {
        frames(10);
        windows.put("w1", now - 20 * S, now, State.FILLING, "");
        var exporter = exporter();
        assertThat(exporter.cancel()).isFalse();
        var export = CompletableFuture.supplyAsync(() ->
                exporter.exportWindow("w1", List.of(), folder.resolve("out"), told::add));
        while (!exporter.cancel()) {
            Thread.onSpinWait();
        }

        assertThatThrownBy(export::get).hasRootCauseInstanceOf(CancellationException.class)
                .hasRootCauseMessage("the export to " + folder.resolve("out") + " was given up; nothing was written");
        assertThat(windows.find("w1").orElseThrow().kept()).isTrue();
        assertThat(exporter.cancel()).isFalse();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    private ReservoirExporter exporter() {
        return exporter(Disk.REAL);
    }

    private ReservoirExporter exporter(Disk disk) {
        return new ReservoirExporter(reservoir, windows, new TestWorkers(), disk, null);
    }

    private List<Exported> export(List<String> sources, long lastNs) {
        return exporter().export(sources, lastNs, folder.resolve("out"), told::add);
    }

    private static RingFormat grey() {
        return PixelFormat.GREY.packed(16, 4, 0, 10, 1, 0);
    }

    private void frames(int count) {
        for (int n = 0; n < count; n++) {
            frame("cam", grey(), 1, n, now - 20 * S + n * S / 10);
        }
    }

    private void frame(String id, RingFormat format, int epoch, long sequence, long hostNs) {
        var payload = new byte[(int) format.payloadBytes()];
        Arrays.fill(payload, (byte) sequence);
        reservoir.add(id, format, epoch, sequence, hostNs, format.width(), format.height(), payload);
    }

    private void block(String id, int epoch, long sequence, long hostNs, int frames) {
        var format = SampleFormat.F32_PLANAR.planar(2, 480, 48000);
        var payload = ByteBuffer.allocate((int) format.payloadBytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int channel = 0; channel < 2; channel++) {
            for (int i = 0; i < frames; i++) {
                payload.putFloat(channel * 1920 + i * 4, sample(sequence, channel, i));
            }
        }
        reservoir.add(id, format, epoch, sequence, hostNs, 2, frames, payload.array());
    }

    private static float sample(long sequence, int channel, int i) {
        return 1 + sequence + channel / 2f + i / 1024f;
    }

    /** A disk that says how much it has and takes how much it takes. */
    private record Refusing(long says, long takes) implements Disk {
        @Override
        public SeekableByteChannel create(Path file) throws IOException {
            var real = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new LimitedChannel(real, takes);
        }

        @Override
        public long usableBytes(Path of) {
            return says;
        }
    }
}
