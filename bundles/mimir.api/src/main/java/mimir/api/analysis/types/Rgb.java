// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A frame in colour. The tail holds the pixels: {@code height} rows of {@code strideBytes} bytes, a byte each of red,
 * green and blue of a pixel in this order, the rest of each row zero. RGB as it came; YCbCr (YUYV) by libyuv, with
 * matrix and range of the format; Bayer (GRBG) by bilinear interpolation: a pixel keeps the colour that it has, each
 * other is the mean of the two or four nearest samples, rounded half up, and beyond the edge the mirror image goes on.
 * Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.rgb", version = 1)
public interface Rgb extends Attachment {
    /** Pixels in a row. */
    @Field(order = 1, unit = "px")
    int width();

    /** Sets {@link #width()}. */
    void width(int value);

    /** Rows. */
    @Field(order = 2, unit = "px")
    int height();

    /** Sets {@link #height()}. */
    void height(int value);

    /** Bytes from one row of the tail to the next: three times {@code width}, rounded up to a multiple of 16. */
    @Field(order = 3, unit = "B")
    int strideBytes();

    /** Sets {@link #strideBytes()}. */
    void strideBytes(int value);
}
