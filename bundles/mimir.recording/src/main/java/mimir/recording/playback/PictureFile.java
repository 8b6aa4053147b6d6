// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.FileImageInputStream;

/** Reads JPEG and PNG files through ImageIO, whose readers are told nothing but the file. Thread-safe. */
final class PictureFile {
    /** 4096 x 2160: the ring keeps 64 pictures, more than this would ask for gigabytes. */
    private static final long MOST_PIXELS = 4096L * 2160;

    private PictureFile() {
    }

    /**
     * Decodes a file. Throws {@link IOException} with one sentence when that is not possible or the file is damaged.
     */
    static Picture read(Path file) throws IOException {
        return open(file, reader -> Picture.of(decode(reader), file));
    }

    /** Size of a picture by its header, without decoding it. Immutable. */
    record Header(int width, int height, boolean grey) {
    }

    /** Reads a header. Throws {@link IOException} with one sentence when there is none. */
    static Header header(Path file) throws IOException {
        return open(file, reader -> {
            requirePlayable(reader);
            var types = reader.getImageTypes(0);
            boolean grey = types.hasNext() && types.next().getColorModel().getNumColorComponents() == 1;
            return new Header(reader.getWidth(0), reader.getHeight(0), grey);
        });
    }

    /** Something to do with a reader. */
    private interface Use<T> {
        T of(ImageReader reader) throws IOException;
    }

    private static <T> T open(Path file, Use<T> use) throws IOException {
        try (var stream = new FileImageInputStream(file.toFile())) {
            var readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new IOException("it is neither JPEG nor PNG");
            }
            var reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                return use.of(reader);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException damaged) {
            throw new IOException("picture " + file + " cannot be decoded (" + damaged.getMessage()
                    + "); it is skipped", damaged);
        }
    }

    private static void requirePlayable(ImageReader reader) throws IOException {
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels <= 0 || pixels > MOST_PIXELS) {
            throw new IOException("it has " + pixels + " pixels, at most " + MOST_PIXELS + " can be played");
        }
    }

    private static BufferedImage decode(ImageReader reader) throws IOException {
        requirePlayable(reader);
        var damage = new Damage();
        reader.addIIOReadWarningListener(damage);
        var image = reader.read(0);
        if (damage.sentence != null) {
            throw new IOException(damage.sentence);
        }
        return image;
    }

    /**
     * The JPEG library paints over damage and only warns; a recording must not pass that on as a good picture.
     * Confined.
     */
    private static final class Damage implements IIOReadWarningListener {
        private String sentence;

        @Override
        public void warningOccurred(ImageReader source, String warning) {
            boolean damaged = warning.contains("Premature end") || warning.contains("Corrupt JPEG");
            if (damaged && !warning.contains("extraneous")) { // bytes between segments harm nothing
                sentence = warning;
            }
        }
    }
}
