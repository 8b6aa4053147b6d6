// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.Random;
import mimir.sync.align.Alignment;
import mimir.sync.align.JTransformsFft;
import mimir.sync.align.Limits;
import mimir.sync.align.Sound;
import mimir.sync.align.SoundAligner;

/**
 * The same noise in two recordings, the second later by a part of a sample, noise of its own in either. Confined.
 *
 * @param rateHz of the samples
 * @param lowestHz @param highestHz of the band
 * @param samples in a recording
 * @param snrDb signal to noise within the band
 */
record SoundTrials(double rateHz, double lowestHz, double highestHz, int samples, double snrDb) {
    private static final double MOST_DELAY = 20; // samples

    /** The least sigma that any estimator without bias can reach, ns (Knapp and Carter 1976). */
    double boundNs() {
        double snr = Math.pow(10, snrDb / 10);
        double coherent = Math.pow(snr / (1 + snr), 2);
        double seconds = samples / rateHz;
        double integral = Math.pow(2 * Math.PI, 2) * (Math.pow(highestHz, 3) - Math.pow(lowestHz, 3)) / 3;
        return 1e9 / Math.sqrt(2 * seconds * integral * coherent / (1 - coherent));
    }

    /** Runs them. */
    Trials run(int count, long seed) {
        var trials = new Trials();
        for (int i = 0; i < count; i++) {
            var random = new Random(seed + i);
            double delay = (2 * random.nextDouble() - 1) * MOST_DELAY;
            trials.add(align(random, delay), delay / rateHz * 1e9);
        }
        return trials;
    }

    /** Noise of either recording's own alone. */
    Trials unrelated(int count, long seed) {
        var trials = new Trials();
        for (int i = 0; i < count; i++) {
            trials.add(new SoundTrials(rateHz, lowestHz, highestHz, samples, -200).align(new Random(seed + i), 0), 0);
        }
        return trials;
    }

    private Alignment align(Random random, double delay) {
        int length = 2 * Integer.highestOneBit(samples);
        var signal = noise(random, length);
        double noise = Math.min(1, Math.pow(10, -snrDb / 20));
        double signalBy = Math.min(1, Math.pow(10, snrDb / 20));
        double period = 1e9 / rateHz;
        double[] first = cut(signal.delayed(0), signalBy, noise(random, length).delayed(0), noise);
        double[] second = cut(signal.delayed(delay), signalBy, noise(random, length).delayed(0), noise);
        var a = new Sound(first, 0, period);
        var b = new Sound(second, 0, period);
        return new SoundAligner(new JTransformsFft(), new Limits(2 * MOST_DELAY * period, 0)).align(a, b);
    }

    private BandNoise noise(Random random, int length) {
        return new BandNoise(random, length, lowestHz / rateHz, highestHz / rateHz);
    }

    private double[] cut(double[] signal, double signalBy, double[] noise, double noiseBy) {
        var cut = new double[samples];
        for (int i = 0; i < samples; i++) {
            cut[i] = 0.1 * (signalBy * signal[i + samples / 4] + noiseBy * noise[i + samples / 4]);
        }
        return cut;
    }
}
