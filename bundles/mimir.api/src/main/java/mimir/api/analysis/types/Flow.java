// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where the {@link Corners} of the frame before went: pyramidal Lucas-Kanade (Bouguet, 2000). Points that were lost on
 * the way are left out. The first frame of an epoch has no flow. Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.flow", version = 1)
public interface Flow extends Attachment {
    /** Most points in a frame. */
    int MOST = 128;

    /** Points followed; what lies beyond in the fields means nothing. */
    @Field(order = 1)
    int count();

    /** Sets {@link #count()}. */
    void count(int value);

    /** Distance in sequence of the two frames: 1 when none was missed. */
    @Field(order = 2, unit = "frames")
    int framesApart();

    /** Sets {@link #framesApart()}. */
    void framesApart(int value);

    /** Column of a point in this frame, 0 for the middle of the first pixel. */
    @Field(order = 3, length = MOST, unit = "px")
    float x(int point);

    /** Sets {@link #x(int)}. */
    void x(int point, float value);

    /** Row of a point in this frame, 0 for the middle of the first pixel. */
    @Field(order = 4, length = MOST, unit = "px")
    float y(int point);

    /** Sets {@link #y(int)}. */
    void y(int point, float value);

    /** Its way to the right, divided by {@link #framesApart}. */
    @Field(order = 5, length = MOST, unit = "px/frame")
    float dx(int point);

    /** Sets {@link #dx(int)}. */
    void dx(int point, float value);

    /** Its way down, divided by {@link #framesApart}. */
    @Field(order = 6, length = MOST, unit = "px/frame")
    float dy(int point);

    /** Sets {@link #dy(int)}. */
    void dy(int point, float value);
}
