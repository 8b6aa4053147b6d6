// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How loud each channel is over the span of the result, and whether somebody speaks there. Full scale is 1.0, so a sine
 * of full scale has a peak of 0 dBFS and an rms of -3.01 dBFS; silence and what is no number read -200. Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.level", version = 1)
public interface Level extends Attachment {
    /** Most channels; those beyond are left out. */
    int MOST = 32;

    /** Channels measured; what lies beyond in the fields means nothing. */
    @Field(order = 1)
    int channels();

    /** Sets {@link #channels()}. */
    void channels(int value);

    /** Sample frames measured. */
    @Field(order = 2, unit = "frames")
    int frames();

    /** Sets {@link #frames()}. */
    void frames(int value);

    /** {@code 10 log10(mean of x x)} of a channel. */
    @Field(order = 3, length = MOST, unit = "dBFS")
    float rms(int channel);

    /** Sets {@link #rms(int)}. */
    void rms(int channel, float value);

    /** {@code 20 log10(largest |x|)} of a channel. */
    @Field(order = 4, length = MOST, unit = "dBFS")
    float peak(int channel);

    /** Sets {@link #peak(int)}. */
    void peak(int channel, float value);

    /**
     * 1 when a channel carries a voice, by energy above its noise floor and rate of zero crossings, and for a while
     * after; else 0. A tone or a click of the right rate counts as well.
     */
    @Field(order = 5, length = MOST)
    byte voice(int channel);

    /** Sets {@link #voice(int)}. */
    void voice(int channel, byte value);
}
