// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Where in the picture that is what moves, how it lies and how it turns, taken as one rigid thing: by the points of
 * {@link Flow} that went far enough. Angles grow from the direction to the right towards the one down. With fewer than
 * two such points all but {@link #points} is not a number. Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.pose", version = 1)
public interface Pose extends Attachment {
    /** Points that moved. */
    @Field(order = 1)
    int points();

    /** Sets {@link #points()}. */
    void points(int value);

    /** Mean column of these points in this frame, 0 for the middle of the first pixel. */
    @Field(order = 2, unit = "px")
    float x();

    /** Sets {@link #x()}. */
    void x(float value);

    /** Mean row of these points in this frame, 0 for the middle of the first pixel. */
    @Field(order = 3, unit = "px")
    float y();

    /** Sets {@link #y()}. */
    void y(float value);

    /** Their mean way to the right. */
    @Field(order = 4, unit = "px/frame")
    float dx();

    /** Sets {@link #dx()}. */
    void dx(float value);

    /** Their mean way down. */
    @Field(order = 5, unit = "px/frame")
    float dy();

    /** Sets {@link #dy()}. */
    void dy(float value);

    /** How they turned about their middle, by least squares. */
    @Field(order = 6, unit = "rad/frame")
    float turn();

    /** Sets {@link #turn()}. */
    void turn(float value);

    /** What shift and turn do not explain, root of the mean square. */
    @Field(order = 7, unit = "px")
    float residual();

    /** Sets {@link #residual()}. */
    void residual(float value);

    /** Direction of the axis along which they spread most: above -pi/2, at most pi/2. */
    @Field(order = 8, unit = "rad")
    float axis();

    /** Sets {@link #axis()}. */
    void axis(float value);

    /** Standard deviation along that axis. */
    @Field(order = 9, unit = "px")
    float length();

    /** Sets {@link #length()}. */
    void length(float value);

    /** Standard deviation across it. */
    @Field(order = 10, unit = "px")
    float breadth();

    /** Sets {@link #breadth()}. */
    void breadth(float value);
}
