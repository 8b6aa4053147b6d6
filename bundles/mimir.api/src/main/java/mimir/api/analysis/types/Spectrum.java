// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis.types;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Power over frequency of 1,024 sample frames under a Hann window, of one channel or of the mean of all. Confined.
 */
@ProviderType
@AttachmentType(name = "mimir.spectrum", version = 1)
public interface Spectrum extends Attachment {
    /** Bins: half of the window. */
    int BINS = 512;

    /** Number of the bin that {@link #power} begins with; its frequency is this times {@link #binHz}. */
    @Field(order = 1)
    int firstBin();

    /** Sets {@link #firstBin()}. */
    void firstBin(int value);

    /** Bins in {@link #power}. */
    @Field(order = 2)
    int bins();

    /** Sets {@link #bins()}. */
    void bins(int value);

    /** From one bin to the next: sample frames per second divided by 1,024. */
    @Field(order = 3, unit = "Hz")
    float binHz();

    /** Sets {@link #binHz()}. */
    void binHz(float value);

    /** The channel, from 0; -1 for the mean of all. */
    @Field(order = 4)
    int channel();

    /** Sets {@link #channel()}. */
    void channel(int value);

    /**
     * {@code 10 log10(2 |X|^2 / W^2)}, X being the transform of the windowed samples and W the sum of the window: a
     * sine in the middle of a bin reads its rms, -3.01 dBFS at full scale. Bin 0 has 1 in place of 2. Silence reads
     * -200.
     */
    @Field(order = 5, length = BINS, unit = "dBFS")
    float power(int bin);

    /** Sets {@link #power(int)}. */
    void power(int bin, float value);
}
