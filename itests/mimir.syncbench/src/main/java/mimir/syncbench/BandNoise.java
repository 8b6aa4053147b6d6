// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.Random;
import mimir.sync.align.Fft;
import mimir.sync.align.JTransformsFft;

/** Gaussian noise within a band, flat there, of variance 1, as it is and delayed by any part of a sample. Confined. */
final class BandNoise {
    private final Fft fft = new JTransformsFft();
    private final int length;
    private final double[] re;
    private final double[] im;
    private final int first;
    private final int last;

    /**
     * @param length samples until it repeats, a power of two
     * @param lowest @param highest of the band, as parts of the sample rate
     */
    BandNoise(Random random, int length, double lowest, double highest) {
        this.length = length;
        first = (int) Math.ceil(lowest * length);
        last = Math.min(length / 2 - 1, (int) Math.floor(highest * length));
        re = new double[last + 1];
        im = new double[last + 1];
        double scale = 0.5 / Math.sqrt(last - first + 1);
        for (int k = first; k <= last; k++) {
            re[k] = scale * random.nextGaussian();
            im[k] = scale * random.nextGaussian();
        }
    }

    /** All samples, later by {@code delay} samples. */
    double[] delayed(double delay) {
        var complex = new double[2 * length];
        for (int k = first; k <= last; k++) {
            double angle = -2 * Math.PI * k * delay / length;
            double c = Math.cos(angle);
            double s = Math.sin(angle);
            double real = re[k] * c - im[k] * s;
            double imaginary = re[k] * s + im[k] * c;
            complex[2 * k] = real;
            complex[2 * k + 1] = -imaginary; // conjugate: the transform forward then goes back, but for the sign
            complex[2 * (length - k)] = real;
            complex[2 * (length - k) + 1] = imaginary;
        }
        fft.forward(complex);
        var samples = new double[length];
        for (int i = 0; i < length; i++) {
            samples[i] = complex[2 * i];
        }
        return samples;
    }
}
