// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A frame as brightness alone. The tail holds the pixels: {@code height} rows of {@code strideBytes} bytes, a byte a
 * pixel, the rest of each row zero. Y of YCbCr as it came (its range stays); RGB as {@code (77 R + 150 G + 29 B +
 * 128) / 256} (BT.601); Bayer as the mean of the pixel and its right, lower and lower right neighbour, which lies half
 * a pixel to the right and below. Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.grey", version = 1)
public interface Grey extends Attachment {
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

    /** Bytes from one row of the tail to the next: {@code width}, rounded up to a multiple of 16. */
    @Field(order = 3, unit = "B")
    int strideBytes();

    /** Sets {@link #strideBytes()}. */
    void strideBytes(int value);
}
