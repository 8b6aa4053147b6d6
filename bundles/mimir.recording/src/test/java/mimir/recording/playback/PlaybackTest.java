// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import mimir.api.media.AudioView;
import mimir.api.media.PixelFormat;
import mimir.api.source.AudioSource;
import mimir.api.source.DeviceFault;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.recording.Recordings;
import mimir.recording.Registry;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.HostClock;
import mimir.ring.Lease;
import mimir.ring.RingReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaybackTest {
    @TempDir
    Path folder;

    private Stage stage = new Stage();

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void shouldPlayRealGreyPicturesExactlyAsImageIoDecodesThem() throws IOException {
        var chessboard = Recordings.real("chessboard");
        stage.play(chessboard, false, 50);
        var reader = stage.reader("rec.left");

        for (int n = 1; n <= 7; n++) {
            try (var lease = Stage.next(reader)) {
                var image = ImageIO.read(chessboard.resolve("left0" + n + ".jpg").toFile());
                var expected = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
                assertThat(lease.format().code()).isEqualTo(PixelFormat.GREY.code());
                assertThat(bytes(lease)).isEqualTo(expected);
                assertThat(lease.verify()).isEqualTo(Checksum.RIGHT);
            }
        }
    }

    @Test
    void shouldPlayRealColourWithinTwoLevels() throws IOException {
        var video = Recordings.real("video");
        stage.play(video, false, 20);
        var reader = stage.reader("rec.pedestrians");

        for (int n = 1; n <= 3; n++) {
            try (var lease = Stage.next(reader)) {
                var image = ImageIO.read(video.resolve("pedestrians/000" + n + ".jpg").toFile());
                assertThat(lease.format().code()).isEqualTo(PixelFormat.YUV444.code());
                assertThat(worstDifference(image, bytes(lease))).isLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void shouldPlayGreyOf16BitsPaletteAndTransparencyByTheirUpper8Bits() throws IOException {
        var deep = Recordings.noise(BufferedImage.TYPE_USHORT_GRAY, 31, 17, 5);
        Recordings.png(folder.resolve("deep/1.png"), deep);
        var clear = Recordings.noise(BufferedImage.TYPE_4BYTE_ABGR, 31, 17, 6);
        Recordings.png(folder.resolve("clear/1.png"), clear);
        stage.play(folder, false, 10);

        try (var lease = Stage.next(stage.reader("rec.deep"))) {
            assertThat(bytes(lease)[33] & 0xff).isEqualTo(deep.getRaster().getSample(2, 1, 0) >> 8);
        }
        try (var lease = Stage.next(stage.reader("rec.clear"))) {
            assertThat(worstDifference(clear, bytes(lease))).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void shouldPlayAtItsOwnPaceInNumberOrderWithCounterAndTimes() throws IOException {
        for (int n : new int[] {2, 10, 1}) {
            Recordings.png(folder.resolve("p" + n + ".png"), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 8, 8, n));
        }
        long beginNs = HostClock.nowNs();
        stage.play(folder, true, 20);
        var reader = stage.reader("rec.p");
        long late = 0;

        for (int picture = 0; picture < 9; picture++) {
            try (var lease = Stage.next(reader)) {
                var at = lease.descriptor();
                long n = at.sequence();
                var expected = Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 8, 8, new int[] {1, 2, 10}[picture % 3]);
                late += at.gapItems();
                assertThat(bytes(lease)).isEqualTo(((DataBufferByte) expected.getRaster().getDataBuffer()).getData());
                assertThat(n).as("those are left out that a machine stood still for").isEqualTo(picture + late);
                assertThat(at.deviceClock()).isEqualTo(Descriptor.CLOCK_COUNTER);
                assertThat(at.deviceTime()).isEqualTo(n);
                assertThat(at.epoch()).isOne();
                assertThat(at.hostTimeNs() - beginNs).as("never early").isGreaterThan(n * 50_000_000L);
            }
        }
    }

    @Test
    void shouldGoOnPastDamagedPicturesAndCountThem() throws IOException {
        var good = Recordings.png(folder.resolve("p1.png"), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 64, 64, 1));
        Files.write(folder.resolve("p2.png"), Arrays.copyOf(Files.readAllBytes(good), 1000));
        Recordings.png(folder.resolve("p3.png"), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 63, 64, 1));
        Recordings.png(folder.resolve("p4.png"), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 64, 64, 4));
        stage.play(folder, true, 20);
        var reader = stage.reader("rec.p");

        for (long sequence : new long[] {0, 3, 4, 7}) {
            try (var lease = Stage.next(reader)) {
                assertThat(lease.descriptor().sequence()).isEqualTo(sequence);
                assertThat(lease.descriptor().gapItems()).isEqualTo(sequence % 4 == 3 ? 2 : 0);
            }
        }

        assertThat(stage.source("rec.p").ring().stats().droppedAtSource()).containsOnlyKeys(DropReason.CORRUPT);
        assertThat(stage.registry.logged()).hasSize(2).anyMatch(line -> line.contains("p2.png"))
                .anyMatch(line -> line.contains("p3.png"));
    }

    @Test
    void shouldCountTruncatedJpegAsDamaged() throws IOException {
        var chessboard = Recordings.real("chessboard");
        Files.copy(chessboard.resolve("left01.jpg"), folder.resolve("p1.jpg"));
        Files.write(folder.resolve("p2.jpg"),
                Arrays.copyOf(Files.readAllBytes(chessboard.resolve("left02.jpg")), 20_000));
        stage.play(folder, false, 100);

        Registry.await(() -> stage.source("rec.p").ring().stats().droppedAtSource()
                .getOrDefault(DropReason.CORRUPT, 0L) == 1);
    }

    @Test
    void shouldTellWhyThereIsNoSource() throws IOException {
        Files.writeString(folder.resolve("p1.png"), "no picture at all");
        stage.play(folder, false, 10);

        var fault = stage.registry.await(DeviceFault.class);

        assertThat(fault.id()).isEqualTo("rec.p");
        assertThat(fault.sentence()).contains("no picture of rec.p").contains("can be decoded");
        assertThat(stage.registry.all(Source.class)).isEmpty();
    }

    @Test
    void shouldPlayRealSpeechBitForBitAndLoopWithoutSeam() throws IOException {
        var file = Recordings.real("audio/Front_Center.wav");
        var copy = Files.copy(file, folder.resolve("speech.wav"));
        stage.play(folder, true, 10);
        var reader = stage.reader("rec.speech");
        var data = ByteBuffer.wrap(Files.readAllBytes(copy)).order(ByteOrder.LITTLE_ENDIAN);
        int frames = 68_545;
        var view = new AudioView();

        for (long at = 0; at < frames + 4800;) {
            try (var lease = Stage.next(reader)) {
                view.wrap(lease);
                assertThat(lease.descriptor().deviceTime()).isEqualTo(at);
                assertThat(lease.verify()).isEqualTo(Checksum.RIGHT);
                for (int i = 0; i < view.frames(); i++, at++) {
                    float sample = view.memory().get(ValueLayout.JAVA_FLOAT_UNALIGNED, view.channelOffset(0) + 4L * i);
                    assertThat((short) (sample * 32768)).isEqualTo(data.getShort(44 + (int) (at % frames) * 2));
                }
            }
        }
    }

    @Test
    void shouldEndWithAShortBlockAndStayPublished() throws IOException {
        Recordings.wav(folder.resolve("tone.wav"), 3, 8000, 250);
        stage.play(folder, false, 10);
        var reader = stage.reader("rec.tone");
        var view = new AudioView();

        int frames = 0;
        while (frames < 250) {
            try (var lease = Stage.next(reader)) {
                view.wrap(lease);
                assertThat(view.samples(2, view.frames() - 1, 1).get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
                        .isEqualTo(((frames + view.frames() - 1) * 3 + 2) / 32768f);
                frames += view.frames();
            }
        }

        assertThat(frames).isEqualTo(250);
        Registry.await(() -> stage.registry.logged().stream().anyMatch(line -> line.contains("rec.tone")));
        assertThat(stage.source("rec.tone")).isInstanceOf(AudioSource.class);
    }

    @Test
    void shouldKeepHistoryAndOpenTheNextEpochWhenStartedAgain() throws IOException {
        Recordings.png(folder.resolve("p1.png"), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 8, 8, 1));
        stage.play(folder, true, 20);
        var reader = stage.reader("rec.p");
        Stage.next(reader).release();

        stage.stopDevices();
        assertThat(stage.registry.all(Source.class)).isEmpty();
        stage.play(folder, true, 20);

        assertThat(stage.source("rec.p")).isInstanceOf(FrameSource.class);
        var first = firstOfEpoch(reader, 2);
        assertThat(first.descriptor().has(Descriptor.DISCONTINUITY)).isTrue();
        assertThat(first.descriptor().sequence()).isZero();
    }

    @Test
    void shouldStartDevicesOfOneFolderTogether() throws IOException {
        for (var name : new String[] {"left1.png", "right1.png"}) {
            Recordings.png(folder.resolve(name), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 640, 480, 1));
        }
        stage.play(folder, true, 10);

        var left = hostTimes("rec.left");
        var right = hostTimes("rec.right");
        left.keySet().retainAll(right.keySet());

        assertThat(left).as("any one may be late, but not all of them").anySatisfy((sequence, ns) ->
                assertThat(Math.abs(ns - right.get(sequence))).isLessThan(50_000_000));
    }

    /** Of five frames, by their numbers. */
    private Map<Long, Long> hostTimes(String source) {
        var times = new HashMap<Long, Long>();
        var reader = stage.reader(source);
        for (int n = 0; n < 5; n++) {
            try (var lease = Stage.next(reader)) {
                times.put(lease.descriptor().sequence(), lease.descriptor().hostTimeNs());
            }
        }
        return times;
    }

    @Test
    void shouldEndTheSourceWhenItsRingFileIsCut() throws IOException {
        var dir = Files.createDirectory(folder.resolve("rings"));
        var pictures = Files.createDirectory(folder.resolve("pictures"));
        stage.close();
        stage = new Stage(Map.of("dir", dir.toString()));
        Recordings.png(pictures.resolve("p1.png"), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 8, 8, 1));
        stage.play(pictures, true, 20);
        Stage.next(stage.reader("rec.p"));

        try (var files = Files.list(dir); var file = FileChannel.open(files.findFirst().orElseThrow(),
                StandardOpenOption.WRITE)) {
            file.truncate(4096);
        }

        assertThat(stage.registry.await(DeviceFault.class).sentence()).contains("cut short");
        assertThat(stage.registry.all(Source.class)).isEmpty();
    }

    private static Lease firstOfEpoch(RingReader reader, int epoch) {
        while (true) {
            var lease = Stage.next(reader);
            if (lease.descriptor().epoch() == epoch) {
                return lease;
            }
            lease.release();
        }
    }

    private static byte[] bytes(Lease lease) {
        var copy = new byte[(int) lease.length()];
        lease.copyOut(MemorySegment.ofArray(copy), 0);
        return copy;
    }

    private static int worstDifference(BufferedImage image, byte[] planes) {
        int size = image.getWidth() * image.getHeight();
        int worst = 0;
        for (int i = 0; i < size; i++) {
            double y = planes[i] & 0xff;
            double cb = (planes[size + i] & 0xff) - 128;
            double cr = (planes[2 * size + i] & 0xff) - 128;
            int rgb = image.getRGB(i % image.getWidth(), i / image.getWidth());
            worst = Math.max(worst, Math.abs((rgb >> 16 & 0xff) - level(y + 1.402 * cr)));
            worst = Math.max(worst, Math.abs((rgb >> 8 & 0xff) - level(y - 0.344136 * cb - 0.714136 * cr)));
            worst = Math.max(worst, Math.abs((rgb & 0xff) - level(y + 1.772 * cb)));
        }
        return worst;
    }

    private static int level(double value) {
        return (int) Math.clamp(Math.round(value), 0, 255);
    }
}
