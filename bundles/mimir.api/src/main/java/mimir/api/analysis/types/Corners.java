// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Points of a frame that can be found again: the smaller eigenvalue of the structure tensor (Shi and Tomasi, 1994) has
 * a maximum there. Best first. Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.corners", version = 1)
public interface Corners extends Attachment {
    /** Most points in a frame. */
    int MOST = 128;

    /** Points found; what lies beyond in the fields means nothing. */
    @Field(order = 1)
    int count();

    /** Sets {@link #count()}. */
    void count(int value);

    /** Column of a point, 0 for the middle of the first pixel. */
    @Field(order = 2, length = MOST, unit = "px")
    float x(int point);

    /** Sets {@link #x(int)}. */
    void x(int point, float value);

    /** Row of a point, 0 for the middle of the first pixel. */
    @Field(order = 3, length = MOST, unit = "px")
    float y(int point);

    /** Sets {@link #y(int)}. */
    void y(int point, float value);

    /**
     * Smaller eigenvalue of the mean over 5 x 5 pixels, weighted 1 2 3 2 1 both ways, of [gx gx, gx gy; gx gy, gy gy];
     * g is half the difference of the neighbours on both sides.
     */
    @Field(order = 4, length = MOST, unit = "levels2/px2")
    float score(int point);

    /** Sets {@link #score(int)}. */
    void score(int point, float value);
}
