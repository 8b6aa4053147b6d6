// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How much a frame differs from the one before it that was looked at, pixel by pixel of {@link Grey}. The first frame
 * of an epoch has none. Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.motion", version = 1)
public interface MotionEnergy extends Attachment {
    /** Mean over all pixels of |now - before|: 0 to 255. */
    @Field(order = 1, unit = "levels")
    float meanDifference();

    /** Sets {@link #meanDifference()}. */
    void meanDifference(float value);

    /** Pixels that differ by the analyser's threshold or more, divided by all pixels: 0 to 1. */
    @Field(order = 2)
    float changedShare();

    /** Sets {@link #changedShare()}. */
    void changedShare(float value);

    /** Mean column of these pixels, 0 for the middle of the first; not a number when there are none. */
    @Field(order = 3, unit = "px")
    float centroidX();

    /** Sets {@link #centroidX()}. */
    void centroidX(float value);

    /** Mean row of these pixels, 0 for the middle of the first; not a number when there are none. */
    @Field(order = 4, unit = "px")
    float centroidY();

    /** Sets {@link #centroidY()}. */
    void centroidY(float value);

    /** Pixels that differ by the threshold or more. */
    @Field(order = 5, unit = "px")
    int changedPixels();

    /** Sets {@link #changedPixels()}. */
    void changedPixels(int value);

    /** Distance in sequence of the two frames: 1 when none was missed. */
    @Field(order = 6, unit = "frames")
    int framesApart();

    /** Sets {@link #framesApart()}. */
    void framesApart(int value);
}
