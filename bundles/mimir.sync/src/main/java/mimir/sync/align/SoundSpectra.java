// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/** Cross-spectra of pieces of two sounds of one rate, within a band; angular frequencies per sample. Confined. */
final class SoundSpectra {
    private final Fft fft;
    private final double[] a;
    private final double[] b;
    private final double lowest;
    private final double highest;
    private double[] work = new double[0];

    /** @param lowest @param highest of the band, as parts of the sample rate */
    SoundSpectra(Fft fft, double[] a, double[] b, double lowest, double highest) {
        this.fft = fft;
        this.a = a;
        this.b = b;
        this.lowest = lowest;
        this.highest = highest;
    }

    static int length(int samples) {
        return Math.max(16, samples < 2 ? 2 : Integer.highestOneBit(samples - 1) << 1);
    }

    /** Of {@code samples} of the first from {@code i} on, and of the second from {@code j} on. */
    CrossSpectrum of(int i, int j, int samples, Taper taper) {
        int n = length(samples);
        work = work.length == 2 * n ? work : new double[2 * n];
        Arrays.fill(work, 0);
        for (int k = 0; k < samples; k++) {
            double weight = taper.at((k + 0.5) / samples);
            work[2 * k] = weight * a[i + k];
            work[2 * k + 1] = weight * b[j + k];
        }
        fft.forward(work);
        return crossed(n, taper.inflation * n / samples);
    }

    /** Both were transformed as one complex sequence a + i b: A = (Z(k) + Z*(n-k)) / 2, B = (Z(k) - Z*(n-k)) / 2i. */
    private CrossSpectrum crossed(int n, double inflation) {
        var spectrum = new CrossSpectrum(inflation);
        int last = (int) Math.min(n / 2 - 1, Math.floor(highest * n));
        for (int k = Math.max(1, (int) Math.ceil(lowest * n)); k <= last; k++) {
            double zr = work[2 * k];
            double zi = work[2 * k + 1];
            double yr = work[2 * (n - k)];
            double yi = work[2 * (n - k) + 1];
            double ar = (zr + yr) / 2;
            double ai = (zi - yi) / 2;
            double br = (zi + yi) / 2;
            double bi = (yr - zr) / 2;
            spectrum.add(2 * Math.PI * k / n, br * ar + bi * ai, bi * ar - br * ai);
        }
        return spectrum;
    }

    /** Correlation by lag, in samples: at index lag, or n + lag below 0; the imaginary parts between mean nothing. */
    double[] correlation(CrossSpectrum spectrum, int n, boolean whitened) {
        var complex = new double[2 * n];
        if (whitened) {
            spectrum.halfWhitened(complex, n);
        } else {
            spectrum.plain(complex, n);
        }
        fft.forward(complex);
        return complex;
    }
}
