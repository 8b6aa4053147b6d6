// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import java.util.List;
import mimir.ring.RingFormat;

/** Audio sample formats, with the codes of {@code enum mimir_format_code}. Immutable. */
public enum SampleFormat {
    /** 32-bit float, -1 to 1, one run of samples per channel. */
    F32_PLANAR(257);

    private final int code;

    SampleFormat(int code) {
        this.code = code;
    }

    /** Code in the ring's format table. */
    public int code() {
        return code;
    }

    /**
     * The format table entry of blocks of at most {@code blockFrames} sample frames; the channels lie {@code 4 x
     * blockFrames} bytes apart.
     *
     * @param rateHz sample frames per second
     */
    public RingFormat planar(int channels, int blockFrames, int rateHz) {
        int stride = blockFrames * Float.BYTES;
        return new RingFormat(code, 0, channels, blockFrames, rateHz, 1, List.of(0L), List.of(stride),
                (long) stride * channels, 0);
    }
}
