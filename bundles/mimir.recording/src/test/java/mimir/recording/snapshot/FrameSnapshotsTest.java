// SPDX-License-Identifier: Apache-2.0
package mimir.recording.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.recording.Snapshots.Snapshot;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FrameSnapshotsTest {
    private static final int WIDTH = 6;
    private static final int HEIGHT = 4;

    @TempDir
    Path folder;

    private final RingStore rings = new RingStore(Map.of());
    private final FrameSnapshots snapshots = new FrameSnapshots(new BundleRings(rings));
    private RingOwner owner;

    @AfterEach
    void close() {
        if (owner != null) {
            owner.close();
        }
        rings.close();
    }

    @ParameterizedTest
    @EnumSource(PixelFormat.class)
    void shouldShowEveryPixelFormat(PixelFormat format) throws IOException {
        publish(format.packed(WIDTH, HEIGHT, 1, 60, 1, 0), format);
        var file = Files.writeString(folder.resolve("frame.png"), "a former one");

        var taken = snapshots.take("cam", file);

        var image = ImageIO.read(file.toFile());
        assertThat(taken).isEqualTo(new Snapshot("cam", file, 1, 7, WIDTH, HEIGHT,
                Files.size(file)));
        assertThat(image.getWidth()).isEqualTo(WIDTH);
        assertThat(image.getHeight()).isEqualTo(HEIGHT);
        for (int at = 0; at < WIDTH * HEIGHT; at++) {
            int rgb = image.getRaster().getNumBands() == 1
                    ? image.getRaster().getSample(at % WIDTH, at / WIDTH, 0) * 0x010101
                    : image.getRGB(at % WIDTH, at / WIDTH) & 0xffffff;
            assertThat(Integer.toHexString(rgb)).isEqualTo(Integer.toHexString(expected(format)));
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    /** Grey 100; RGB and the mosaic 10, 20, 30; the others BT.601 limited Y 81, Cb 90, Cr 240: pure red. */
    private static int expected(PixelFormat format) {
        return switch (format) {
            case GREY -> 0x646464;
            case RGB24, BAYER_GRBG -> 0x0a141e;
            case YUYV, YUV444, NV12 -> 0xfe0000;
        };
    }

    private static int sample(PixelFormat format, int plane, long at) {
        return switch (format) {
            case GREY -> 100;
            case RGB24 -> 10 * (int) (at % 3 + 1);
            case BAYER_GRBG -> (at % WIDTH + at / WIDTH) % 2 == 0 ? 20 : at / WIDTH % 2 == 0 ? 10 : 30;
            case YUYV -> at % 2 == 0 ? 81 : at % 4 == 1 ? 90 : 240;
            case YUV444 -> plane == 0 ? 81 : plane == 1 ? 90 : 240;
            case NV12 -> plane == 0 ? 81 : at % 2 == 0 ? 90 : 240;
        };
    }

    private void publish(RingFormat format, PixelFormat pixels) {
        owner = rings.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        try (var arena = Arena.ofConfined()) {
            MemorySegment frame = arena.allocate(format.payloadBytes());
            for (int plane = 0; plane < format.planeOffsets().size(); plane++) {
                long from = format.planeOffsets().get(plane);
                long to = plane + 1 < format.planeOffsets().size() ? format.planeOffsets().get(plane + 1)
                        : format.payloadBytes();
                for (long at = from; at < to; at++) {
                    frame.set(ValueLayout.JAVA_BYTE, at, (byte) sample(pixels, plane, at - from));
                }
            }
            var writer = owner.writer();
            writer.claim();
            writer.copyIn(frame, 0, 0, format.payloadBytes());
            writer.descriptor().sequence(7).shape(owner.formatId(), WIDTH, HEIGHT, format.payloadBytes());
            writer.commit();
        }
    }

    @Test
    void shouldSayWhatCannotBeShown() {
        var format = SampleFormat.F32_PLANAR.planar(2, 64, 48_000);
        owner = rings.open(new RingSpec("mic", Abi.ITEM_AUDIO, 750, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");

        refused("nobody", "a.png", "there is no source 'nobody'");
        refused("mic", "a.png", "mic sends no frames; snapshots are of cameras");
        refused("mic", "a.jpg", folder.resolve("a.jpg") + " cannot be a picture: give a name that ends in .png");
        refused("mic", "none/a.png", folder.resolve("none/a.png") + " cannot be written: " + folder.resolve("none")
                + " is not a folder; make it first");
    }

    private void refused(String source, String name, String sentence) {
        assertThatThrownBy(() -> snapshots.take(source, folder.resolve(name))).isInstanceOf(BadInputException.class)
                .hasMessage(sentence);
    }

    @Test
    void shouldNotWaitForACameraThatIsGone() {
        var format = PixelFormat.GREY.packed(WIDTH, HEIGHT, 0, 60, 1, 0);
        owner = rings.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        owner.close();

        assertThatThrownBy(() -> snapshots.take("cam", folder.resolve("a.png")))
                .isInstanceOf(IllegalStateException.class).hasMessageStartingWith("cam sent no frame within 2 s");
        assertThat(folder).isEmptyDirectory();
    }
}
