// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.Random;
import mimir.sync.align.Limits;
import mimir.sync.align.MotionAligner;
import mimir.sync.align.Track;

/**
 * One movement before two cameras of 60 fps, whose frames begin when they begin, drop now and then, and are noisy.
 * Confined.
 *
 * @param seconds watched
 * @param snrDb signal to noise within the band of the movement
 */
record MotionTrials(double seconds, double snrDb) {
    private static final double FPS = 60;
    private static final double LOWEST_HZ = 0.1;
    private static final double HIGHEST_HZ = 10;
    private static final double FINE = 8;           // samples of the movement per frame
    private static final double MOST_OFFSET_NS = 400e6;
    private static final double MISSING = 0.01;

    /** The least sigma that any estimator without bias can reach, ns; missing frames not counted. */
    double boundNs() {
        return new SoundTrials(FPS, LOWEST_HZ, HIGHEST_HZ, (int) (seconds * FPS), snrDb).boundNs();
    }

    /** Runs them. */
    Trials run(int count, long seed) {
        var trials = new Trials();
        for (int i = 0; i < count; i++) {
            var random = new Random(seed + i);
            double offset = (2 * random.nextDouble() - 1) * MOST_OFFSET_NS;
            var movement = new BandNoise(random, length(), LOWEST_HZ / FPS / FINE, HIGHEST_HZ / FPS / FINE).delayed(0);
            var a = track(movement, random, 0);
            var b = track(movement, random, offset);
            trials.add(new MotionAligner(new Limits(1.5 * MOST_OFFSET_NS, 5)).align(a, b), offset);
        }
        return trials;
    }

    /** Another movement before either camera. */
    Trials unrelated(int count, long seed) {
        var trials = new Trials();
        for (int i = 0; i < count; i++) {
            var random = new Random(seed + i);
            var one = new BandNoise(random, length(), LOWEST_HZ / FPS / FINE, HIGHEST_HZ / FPS / FINE).delayed(0);
            var other = new BandNoise(random, length(), LOWEST_HZ / FPS / FINE, HIGHEST_HZ / FPS / FINE).delayed(0);
            trials.add(new MotionAligner(new Limits(1.5 * MOST_OFFSET_NS, 5)).align(track(one, random, 0),
                    track(other, random, 0)), 0);
        }
        return trials;
    }

    private int length() {
        return 2 * Integer.highestOneBit((int) (seconds * FPS * FINE));
    }

    /** White noise has HIGHEST / (FPS / 2) of its power within the band. */
    private Track track(double[] movement, Random random, double offsetNs) {
        double noise = Math.pow(10, -snrDb / 20) * Math.sqrt(FPS / 2 / (HIGHEST_HZ - LOWEST_HZ));
        double phase = random.nextDouble();
        var track = new Track(1);
        for (int k = 60; k < seconds * FPS + 60; k++) {
            double t = (k + phase) / FPS;
            if (random.nextDouble() >= MISSING) {
                track.add(t * 1e9 + offsetNs, 5 + at(movement, t * FPS * FINE) + noise * random.nextGaussian());
            }
        }
        return track;
    }

    /** Cubic between samples 48 times as dense as the fastest movement. */
    private static double at(double[] samples, double position) {
        int i = (int) position;
        double x = position - i;
        double p = samples[Math.floorMod(i - 1, samples.length)];
        double q = samples[Math.floorMod(i, samples.length)];
        double r = samples[Math.floorMod(i + 1, samples.length)];
        double s = samples[Math.floorMod(i + 2, samples.length)];
        return q + x / 2 * (r - p + x * (2 * p - 5 * q + 4 * r - s + x * (3 * (q - r) + s - p)));
    }
}
