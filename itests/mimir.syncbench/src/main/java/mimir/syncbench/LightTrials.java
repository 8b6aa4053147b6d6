// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.Random;
import mimir.sync.align.EventAligner;
import mimir.sync.align.Events;
import mimir.sync.align.Finders;
import mimir.sync.align.LightCodeAligner;
import mimir.sync.align.Limits;
import mimir.sync.align.Switching;
import mimir.sync.align.Track;

/**
 * A lamp before a camera of 60 fps with a rolling shutter: switched at random for the light code, or flashing with a
 * click. The camera's time line is off by an offset and drifts. Confined.
 *
 * @param seconds watched
 * @param readoutNs from the first row to the last, ns
 * @param toldReadoutNs what the aligner is told of it
 */
record LightTrials(double seconds, double readoutNs, double toldReadoutNs) {
    private static final double PERIOD_NS = 1e9 / 60;
    private static final double EXPOSURE_NS = 0.6 * PERIOD_NS;
    private static final double BIT_NS = 47e6;
    private static final double CONTRAST = 40;         // levels
    private static final double NOISE = 0.3;           // levels, of the mean of a frame
    private static final double MOST_OFFSET_NS = 200e6;
    private static final double MOST_DRIFT = 5e-6;
    private static final int ROWS = 24;

    /** A lamp whose light is on or off for every 47 ms, at random. */
    Trials code(int count, long seed) {
        var trials = new Trials();
        for (int i = 0; i < count; i++) {
            var random = new Random(seed + i);
            double offset = (2 * random.nextDouble() - 1) * MOST_OFFSET_NS;
            double drift = (2 * random.nextDouble() - 1) * MOST_DRIFT;
            var lamp = new Switching();
            var on = new boolean[(int) (seconds * 1e9 / BIT_NS)];
            for (int k = 0; k < on.length; k++) {
                on[k] = random.nextBoolean();
                if (on[k] != (k > 0 && on[k - 1])) {
                    lamp.toggle(k * BIT_NS);
                }
            }
            var light = track(random, offset, drift, (from, to) -> litShare(on, from, to));
            var found = new LightCodeAligner(new Limits(1.5 * MOST_OFFSET_NS, 10), EXPOSURE_NS, toldReadoutNs)
                    .align(lamp, light);
            trials.add(found, offset + drift * (found.atNs() - seconds * 5e8));
        }
        return trials;
    }

    /** A short flash with a click each second or so, not in time with the frames. */
    Trials flashes(int count, long seed) {
        var trials = new Trials();
        for (int i = 0; i < count; i++) {
            var random = new Random(seed + i);
            double offset = (2 * random.nextDouble() - 1) * MOST_OFFSET_NS;
            double drift = (2 * random.nextDouble() - 1) * MOST_DRIFT;
            var clicks = new Events();
            for (double t = 0.3e9; t < seconds * 1e9; t += (0.6 + 0.8 * random.nextDouble()) * 1e9) {
                clicks.add(t, 1e9 / 48_000);
            }
            var instants = new double[clicks.size()];
            for (int k = 0; k < instants.length; k++) {
                instants[k] = clicks.middleNs(k);
            }
            var light = track(random, offset, drift, (from, to) -> flashed(instants, from, to));
            var found = new EventAligner(new Limits(1.5 * MOST_OFFSET_NS, 10)).align(clicks,
                    Finders.flashes(light, EXPOSURE_NS + readoutNs));
            trials.add(found, offset + drift * (found.atNs() - seconds * 5e8));
        }
        return trials;
    }

    private Track track(Random random, double offset, double drift, Exposed exposed) {
        var track = new Track(1);
        double phase = random.nextDouble();
        for (int k = 0; k < seconds * 60; k++) {
            double t = (k + phase) * PERIOD_NS;
            double light = 0;
            for (int row = 0; row < ROWS; row++) {
                double middle = t + readoutNs * ((row + 0.5) / ROWS - 0.5);
                light += exposed.share(middle - EXPOSURE_NS / 2, middle + EXPOSURE_NS / 2) / ROWS;
            }
            track.add(t + offset + drift * (t - seconds * 5e8), 60 + CONTRAST * light + NOISE * random.nextGaussian());
        }
        return track;
    }

    private static double litShare(boolean[] on, double from, double to) {
        double lit = 0;
        for (int k = Math.max(0, (int) (from / BIT_NS)); k < on.length && k * BIT_NS < to; k++) {
            lit += on[k] ? Math.max(0, Math.min(to, (k + 1) * BIT_NS) - Math.max(from, k * BIT_NS)) : 0;
        }
        return lit / (to - from);
    }

    private static double flashed(double[] instants, double from, double to) {
        for (double each : instants) {
            if (each >= from && each < to) {
                return 1;
            }
        }
        return 0;
    }

    /** What part of the lamp's light an exposure gets. */
    private interface Exposed {
        double share(double from, double to);
    }
}
