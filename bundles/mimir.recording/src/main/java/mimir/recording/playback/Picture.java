// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import mimir.api.media.PixelFormat;
import mimir.recording.Jfif;

/**
 * A decoded picture: grey samples exactly as ImageIO's raster has them, colour as full-range YCbCr without subsampling.
 * Transparency is left out; of samples with more than 8 bits the upper 8 are taken. Confined.
 *
 * @param image what ImageIO made of it
 * @param grey true when it has no colour
 */
record Picture(BufferedImage image, boolean grey) {
    /** Looks at the bands. Throws {@link IOException} for colours that cannot be played. */
    static Picture of(BufferedImage image, Path file) throws IOException {
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return new Picture(image, greyPalette(palette));
        }
        int colours = image.getColorModel().getNumColorComponents();
        int type = image.getColorModel().getColorSpace().getType();
        boolean deep = image.getSampleModel().getSampleSize(0) >= 8;
        if (!deep || colours != 1 && (colours != 3 || type != ColorSpace.TYPE_RGB)) {
            throw new IOException("picture " + file + " is neither grey nor RGB; convert it to one of them");
        }
        return new Picture(image, colours == 1);
    }

    private static boolean greyPalette(IndexColorModel palette) {
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    PixelFormat format() {
        return grey ? PixelFormat.GREY : PixelFormat.YUV444;
    }

    /** Hands the samples to a slot; the picture must not be used afterwards. */
    void into(Slot slot) {
        if (grey && tightBytes()) {
            var raster = image.getRaster();
            var bytes = (DataBufferByte) raster.getDataBuffer();
            slot.useArray(bytes.getData(), bytes.getOffset(), width() * height(), height());
            return;
        }
        long plane = (long) width() * height();
        var target = slot.buffer(grey ? plane : 3 * plane);
        var row = new int[3 * width()];
        for (int y = 0; y < height(); y++) {
            if (image.getColorModel() instanceof IndexColorModel) {
                paletteRow(y, row);
            } else {
                sampleRow(image.getRaster(), y, row);
            }
            put(row, target, (long) y * width(), plane);
        }
        slot.useBuffer(grey ? plane : 3 * plane, height());
    }

    private boolean tightBytes() {
        var raster = image.getRaster();
        return !(image.getColorModel() instanceof IndexColorModel)
                && raster.getSampleModel() instanceof ComponentSampleModel model
                && model.getDataType() == DataBuffer.TYPE_BYTE && model.getPixelStride() == 1
                && model.getScanlineStride() == width()
                && model.getBandOffsets()[0] == 0 && raster.getSampleModelTranslateX() == 0
                && raster.getSampleModelTranslateY() == 0;
    }

    private void paletteRow(int y, int[] row) {
        for (int x = 0; x < width(); x++) {
            int rgb = image.getRGB(x, y);
            row[3 * x] = rgb >> 16 & 0xff;
            row[3 * x + 1] = rgb >> 8 & 0xff;
            row[3 * x + 2] = rgb & 0xff;
        }
    }

    /** Samples as they are, not through the colour model: that would bend grey values and linear colours. */
    private void sampleRow(Raster raster, int y, int[] row) {
        int shift = raster.getSampleModel().getSampleSize(0) - 8;
        var band = new int[width()];
        for (int b = 0; b < (grey ? 1 : 3); b++) {
            raster.getSamples(0, y, width(), 1, b, band);
            for (int x = 0; x < band.length; x++) {
                row[3 * x + b] = band[x] >> shift;
            }
        }
    }

    private void put(int[] row, MemorySegment target, long at, long plane) {
        for (int x = 0; x < width(); x++) {
            int red = row[3 * x];
            int green = row[3 * x + 1];
            int blue = row[3 * x + 2];
            if (grey) {
                target.set(ValueLayout.JAVA_BYTE, at + x, (byte) red);
            } else {
                target.set(ValueLayout.JAVA_BYTE, at + x, Jfif.y(red, green, blue));
                target.set(ValueLayout.JAVA_BYTE, plane + at + x, Jfif.cb(red, green, blue));
                target.set(ValueLayout.JAVA_BYTE, 2 * plane + at + x, Jfif.cr(red, green, blue));
            }
        }
    }
}
