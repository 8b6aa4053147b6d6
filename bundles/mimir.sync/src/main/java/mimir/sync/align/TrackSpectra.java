// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/**
 * Cross-spectra of spans of two tracks. Frames come when they come, so the sums run over their own times: nothing is
 * interpolated, and a missing frame only makes its neighbours count more. Angular frequencies per ns. Confined.
 */
final class TrackSpectra {
    private final Track a;
    private final Track b;
    private final double[] valuesA;
    private final double[] valuesB;
    private final double lowestHz;
    private final double highestHz;
    private final double scale;

    /** Of one channel each, as {@link Track#steady} gives it; every channel counts for the same. */
    TrackSpectra(Track a, double[] valuesA, Track b, double[] valuesB, double lowestHz, double highestHz) {
        this.a = a;
        this.b = b;
        this.valuesA = valuesA;
        this.valuesB = valuesB;
        this.lowestHz = lowestHz;
        this.highestHz = highestHz;
        double power = deviation(valuesA) * deviation(valuesB);
        scale = power > 0 ? 1 / power : 0;
    }

    static double deviation(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Math.sqrt(Arrays.stream(values).map(each -> (each - mean) * (each - mean)).average().orElse(0));
    }

    /** Adds the bins of the first between {@code from} and {@code to}, and of the second so much later. */
    void add(CrossSpectrum spectrum, double from, double to, double laterNs, Taper taper, double factor) {
        double step = 2 * Math.PI / (to - from);
        int first = Math.max(1, (int) Math.ceil(lowestHz * (to - from) / 1e9));
        int last = (int) (highestHz * (to - from) / 1e9);
        if (last < first) {
            return;
        }
        var x = bins(a, valuesA, from, to, taper, step, first, last);
        var y = bins(b, valuesB, from + laterNs, to + laterNs, taper, step, first, last);
        for (int k = 0; k <= last - first; k++) {
            double ar = x[2 * k];
            double ai = x[2 * k + 1];
            double br = y[2 * k];
            double bi = y[2 * k + 1];
            double by = factor * scale;
            spectrum.add((first + k) * step, by * (br * ar + bi * ai), by * (bi * ar - br * ai));
        }
    }

    private static double[] bins(Track track, double[] values, double from, double to, Taper taper, double step,
            int first, int last) {
        var bins = new double[2 * (last - first + 1)];
        double mean = mean(track, values, from, to, taper);
        for (int i = 0; i < track.size(); i++) {
            double t = track.timeNs(i) - from;
            double weight = taper.at(t / (to - from));
            if (weight > 0) {
                turn(bins, weight * width(track, i) * (values[i] - mean), step * t, first);
            }
        }
        return bins;
    }

    private static double mean(Track track, double[] values, double from, double to, Taper taper) {
        double sum = 0;
        double all = 0;
        for (int i = 0; i < track.size(); i++) {
            double weight = taper.at((track.timeNs(i) - from) / (to - from)) * width(track, i);
            sum += weight * values[i];
            all += weight;
        }
        return all > 0 ? sum / all : 0;
    }

    /** Time that a frame stands for. */
    private static double width(Track track, int i) {
        return (track.timeNs(Math.min(track.size() - 1, i + 1)) - track.timeNs(Math.max(0, i - 1))) / 2;
    }

    /** Adds a value at an angle of {@code angle} for the bin 1 to all bins. */
    private static void turn(double[] bins, double value, double angle, int first) {
        double re = value * Math.cos(first * angle);
        double im = -value * Math.sin(first * angle);
        double c = Math.cos(angle);
        double s = -Math.sin(angle);
        for (int k = 0; k < bins.length; k += 2) {
            bins[k] += re;
            bins[k + 1] += im;
            double next = re * c - im * s;
            im = re * s + im * c;
            re = next;
        }
    }
}
