// SPDX-License-Identifier: Apache-2.0
package mimir.recording;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Recordings to test with: the real ones where they are, and made ones. */
public final class Recordings {
    private Recordings() {
    }

    /** A file or folder of the real recordings; skips the test where they are not. */
    public static Path real(String name) {
        var folder = Path.of(System.getProperty("mimir.data", "no-such-folder"), name);
        assumeTrue(Files.exists(folder), "the folder of recordings is not here (-Dmimir.data)");
        return folder;
    }

    /** A picture of random samples. */
    public static BufferedImage noise(int type, int width, int height, long seed) {
        var image = new BufferedImage(width, height, type);
        var random = new Random(seed);
        var raster = image.getRaster();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int band = 0; band < raster.getNumBands(); band++) {
                    raster.setSample(x, y, band, random.nextInt(1 << raster.getSampleModel().getSampleSize(band)));
                }
            }
        }
        return image;
    }

    /** Writes a PNG file. */
    public static Path png(Path file, BufferedImage image) throws IOException {
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /** Writes a 16-bit WAV file whose sample i of channel c is {@code i * channels + c}, truncated. */
    public static Path wav(Path file, int channels, int rateHz, int frames) throws IOException {
        var data = ByteBuffer.allocate(frames * channels * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < frames * channels; i++) {
            data.putShort((short) i);
        }
        return wav(file, 1, channels, rateHz, 16, data.array());
    }

    /** Writes a WAV file. */
    public static Path wav(Path file, int tag, int channels, int rateHz, int bits, byte[] data) throws IOException {
        var bytes = ByteBuffer.allocate(44 + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("RIFF".getBytes()).putInt(36 + data.length).put("WAVEfmt ".getBytes()).putInt(16)
                .putShort((short) tag)
                .putShort((short) channels).putInt(rateHz).putInt(rateHz * channels * bits / 8)
                .putShort((short) (channels * bits / 8))
                .putShort((short) bits).put("data".getBytes()).putInt(data.length).put(data);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes.array());
    }
}
