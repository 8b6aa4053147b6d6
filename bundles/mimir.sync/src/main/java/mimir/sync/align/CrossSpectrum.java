// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/**
 * Cross-spectrum of two pieces as a list of bins, and what it says about the lag of the second behind the first. A lag
 * has the unit of 1 / angular frequency. Confined.
 */
final class CrossSpectrum {
    private static final int MOST_STEPS = 20;
    private static final int PARTS = 32;            // of the band, that are alike or not
    private static final int LEAST_BINS = 16;       // in a part
    private static final double PART_SIGMAS = 2.5;

    private final double inflation;
    private double[] omega = new double[1024];
    private double[] re = new double[1024];
    private double[] im = new double[1024];
    private int size;

    /** What the sums of the last look were. */
    private double slope;
    private double curvature;
    private double noise;

    /** @param inflation by what bins of this window and padding are fewer than they look */
    CrossSpectrum(double inflation) {
        this.inflation = inflation;
    }

    /** A bin: the second's coefficient times the first's conjugate. */
    void add(double angular, double real, double imaginary) {
        if (size == omega.length) {
            omega = Arrays.copyOf(omega, 2 * size);
            re = Arrays.copyOf(re, 2 * size);
            im = Arrays.copyOf(im, 2 * size);
        }
        omega[size] = angular;
        re[size] = real;
        im[size++] = imaginary;
    }

    /** All bins of another one, times a factor. */
    void addAll(CrossSpectrum other, double factor) {
        for (int k = 0; k < other.size; k++) {
            add(other.omega[k], factor * other.re[k], factor * other.im[k]);
        }
    }

    int size() {
        return size;
    }

    /** Sum of the powers of the bins; 0: nothing there. */
    double power() {
        double sum = 0;
        for (int k = 0; k < size; k++) {
            sum += Math.hypot(re[k], im[k]);
        }
        return sum;
    }

    /** The lag of the highest correlation near a first guess, by Newton's steps; not a number if there is none. */
    double refine(double guess, double reach) {
        double lag = guess;
        for (int i = 0; i < MOST_STEPS; i++) {
            look(lag);
            if (curvature >= 0) {
                return Double.NaN;
            }
            double step = -slope / curvature;
            lag += step;
            if (Math.abs(lag - guess) > reach) {
                return Double.NaN;
            }
            if (Math.abs(step) < 1e-9 * reach) {
                break;
            }
        }
        look(lag);
        return lag;
    }

    /** One sigma of the lag refined last, from how far the phases are off it. */
    double sigma() {
        return Math.sqrt(inflation * noise) / -curvature;
    }

    private void look(double lag) {
        slope = 0;
        curvature = 0;
        noise = 0;
        for (int k = 0; k < size; k++) {
            double c = Math.cos(omega[k] * lag);
            double s = Math.sin(omega[k] * lag);
            double along = re[k] * c - im[k] * s;
            double across = omega[k] * (re[k] * s + im[k] * c);
            slope -= across;
            curvature -= omega[k] * omega[k] * along;
            noise += across * across;
        }
    }

    /** How much alike they are at a lag, -1 to 1; strong bins count more, but by the root of their power only. */
    double likeness(double lag) {
        double sum = 0;
        double all = 0;
        for (int k = 0; k < size; k++) {
            double root = Math.sqrt(Math.hypot(re[k], im[k]));
            if (root > 0) {
                sum += (re[k] * Math.cos(omega[k] * lag) - im[k] * Math.sin(omega[k] * lag)) / root;
                all += root;
            }
        }
        return all > 0 ? sum / all : 0;
    }

    /** One sigma of the likeness where there is nothing in common and every phase is as likely as any other. */
    double chanceSigma() {
        double all = 0;
        double squares = 0;
        for (int k = 0; k < size; k++) {
            double power = Math.hypot(re[k], im[k]);
            all += Math.sqrt(power);
            squares += power;
        }
        return all > 0 ? Math.sqrt(inflation * squares / 2) / all : Double.POSITIVE_INFINITY;
    }

    /** Forgets the parts of the band where the two are not alike at this lag: they would only add noise. */
    void keepAlike(double lag) {
        double most = size > 0 ? omega[size - 1] : 0;
        var part = new CrossSpectrum(inflation);
        for (int begin = 0; begin < size; begin += part.size) {
            part.size = 0;
            double end = omega[begin] + most / PARTS;
            for (int k = begin; k < size && (omega[k] < end || part.size < LEAST_BINS); k++) {
                part.add(omega[k], re[k], im[k]);
            }
            if (part.likeness(lag) < PART_SIGMAS * part.chanceSigma()) {
                Arrays.fill(re, begin, begin + part.size, 0);
                Arrays.fill(im, begin, begin + part.size, 0);
            }
        }
    }

    /** Adds every bin to a transform's input, made even in power by half. */
    void halfWhitened(double[] complex, int length) {
        for (int k = 0; k < size; k++) {
            double root = Math.sqrt(Math.hypot(re[k], im[k]));
            int bin = (int) Math.rint(omega[k] * length / (2 * Math.PI));
            complex[2 * bin] += root > 0 ? re[k] / root : 0;
            complex[2 * bin + 1] -= root > 0 ? im[k] / root : 0; // conjugate: the transform forward then goes back
        }
    }

    /** The same without any weight. */
    void plain(double[] complex, int length) {
        for (int k = 0; k < size; k++) {
            int bin = (int) Math.rint(omega[k] * length / (2 * Math.PI));
            complex[2 * bin] += re[k];
            complex[2 * bin + 1] -= im[k];
        }
    }
}
