// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/** Sound at another, lower rate, by a windowed sinc. Immutable. */
final class Resampling {
    private static final int ZEROS = 24;      // of the sinc, to either side
    private static final double ROLL_OFF = 0.95;

    private Resampling() {
    }

    static Sound to(Sound sound, double nsPerSample) {
        double ratio = nsPerSample / sound.nsPerSample();
        int count = (int) ((sound.samples().length - 1) / ratio) + 1;
        var samples = new double[Math.max(0, count)];
        double cut = ROLL_OFF / Math.max(1, ratio);
        int half = (int) Math.ceil(ZEROS / cut);
        for (int k = 0; k < samples.length; k++) {
            samples[k] = at(sound.samples(), k * ratio, cut, half);
        }
        return new Sound(samples, sound.startNs(), nsPerSample);
    }

    private static double at(double[] from, double position, double cut, int half) {
        int middle = (int) Math.rint(position);
        double sum = 0;
        for (int m = Math.max(0, middle - half); m <= Math.min(from.length - 1, middle + half); m++) {
            double x = m - position;
            double fade = x / (half + 1);
            double sinc = x == 0 ? cut : Math.sin(Math.PI * cut * x) / (Math.PI * x);
            sum += from[m] * sinc * (0.5 + 0.5 * Math.cos(Math.PI * fade));
        }
        return sum;
    }
}
