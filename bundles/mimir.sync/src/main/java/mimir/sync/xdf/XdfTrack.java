// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.util.Arrays;

/** What a file holds of one stream. Confined; keeps 16 bytes for a measurement of the clock, nothing for a sample. */
final class XdfTrack {
    private static final int MOST_OFFSETS = 10_000_000; // 1.6 years of one in 5 s

    private final XdfHeader header;
    private double[] times = new double[64];
    private double[] offsets = new double[64];
    private int measured;
    private long samples;
    private double first = Double.NaN;
    private double last = Double.NaN;

    XdfTrack(XdfHeader header) {
        this.header = header;
    }

    XdfHeader header() {
        return header;
    }

    /** A measurement: the stream's clock, and by how much the recorder's is ahead of it, s. */
    void offset(double time, double offset, long endsAt) throws XdfException {
        if (measured == MOST_OFFSETS) {
            throw new XdfException(endsAt, "there are more than " + MOST_OFFSETS + " measurements of one clock");
        }
        if (measured == times.length) {
            times = Arrays.copyOf(times, 2 * measured);
            offsets = Arrays.copyOf(offsets, 2 * measured);
        }
        times[measured] = time;
        offsets[measured++] = offset;
    }

    /** A sample, with its time stamp; NaN: one period after that before. */
    void sample(double stamp) {
        double period = header.nominalHz() > 0 ? 1 / header.nominalHz() : 0;
        last = Double.isNaN(stamp) ? last + period : stamp;
        first = samples++ == 0 ? last : first;
    }

    int measured() {
        return measured;
    }

    double time(int index) {
        return times[index];
    }

    double offset(int index) {
        return offsets[index];
    }

    long samples() {
        return samples;
    }

    /** Time stamp of the first sample by the stream's clock, s; NaN when there is none. */
    double first() {
        return first;
    }

    double last() {
        return last;
    }
}
