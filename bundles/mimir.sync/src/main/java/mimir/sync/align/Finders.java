// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/** Finds short events: clicks in a sound, flashes in the brightness of frames. Thread-safe. */
public final class Finders {
    private static final double LOUDER = 2.5;          // than nearly all other samples
    private static final double LEAST_CLICK = 0.02;    // of full scale
    private static final double USUAL = 0.998;
    private static final int SOME = 7;                 // every so many samples tell how loud it is
    private static final double ONE_CLICK_NS = 50e6;
    private static final double ONSET_NS = 2e6;
    private static final double LEAST_FLASH = 4;       // levels
    private static final int MOST_FLASH = 3;           // frames
    private static final double LEAST_SWITCHING = 0.05; // of full scale, between off and on
    private static final double NEITHER = 0.25;        // of that, around its middle
    private static final double MOST_BETWEEN = 0.05;   // of the samples

    private Finders() {
    }

    /** Clicks: each where it begins, on the sample. Allocates. */
    public static Events clicks(Sound sound) {
        var events = new Events();
        double[] samples = sound.samples();
        var sorted = new double[(samples.length + SOME - 1) / SOME];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = Math.abs(samples[i * SOME]);
        }
        Arrays.sort(sorted);
        double threshold = Math.max(LEAST_CLICK,
                sorted.length == 0 ? 0 : LOUDER * sorted[(int) (USUAL * (sorted.length - 1))]);
        int quiet = (int) (ONE_CLICK_NS / sound.nsPerSample());
        int onset = (int) (ONSET_NS / sound.nsPerSample());
        for (int i = 0; i < samples.length; i++) {
            if (Math.abs(samples[i]) > threshold) {
                int first = i;
                for (int k = Math.max(0, i - onset); k < i && first == i; k++) {
                    first = Math.abs(samples[k]) > threshold / 2 ? k : i;
                }
                events.add(sound.timeNs((first + i) / 2.0), sound.nsPerSample() * (1 + (i - first) / 2.0));
                i += quiet;
            }
        }
        return events;
    }

    /**
     * When a lamp was on, by the signal that switches it: two levels and nothing between. Null when the sound is no
     * such signal. Allocates.
     */
    public static Switching switching(Sound sound) {
        double[] samples = sound.samples();
        var sorted = new double[(samples.length + SOME - 1) / SOME];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = samples[i * SOME];
        }
        Arrays.sort(sorted);
        double low = sorted.length == 0 ? 0 : sorted[sorted.length / 10];
        double span = sorted.length == 0 ? 0 : sorted[sorted.length * 9 / 10] - low;
        long between = Arrays.stream(sorted).filter(value -> Math.abs((value - low) / span - 0.5) < NEITHER).count();
        if (!(span > LEAST_SWITCHING) || between > MOST_BETWEEN * sorted.length) {
            return null;
        }
        var lamp = new Switching();
        boolean on = true; // until it was seen to be off
        for (int i = 0; i < samples.length; i++) {
            double level = (samples[i] - low) / span - 0.5;
            if (on ? level < -NEITHER : level > NEITHER) {
                on = !on;
                if (on || lamp.size() > 0) {
                    lamp.toggle(sound.timeNs(i - 0.5)); // it was switched after the sample before
                }
            }
        }
        return lamp;
    }

    /**
     * Flashes: one to three frames that are brighter than those around. Allocates.
     *
     * @param brightness of frames, at the middle of their exposures
     * @param exposureNs how long each is exposed, from its first row's begin to its last row's end, ns
     */
    public static Events flashes(Track brightness, double exposureNs) {
        return runs(brightness, exposureNs, 0);
    }

    /**
     * Flashes by motion energy: a picture that is brighter than those around differs from the one before it, and the
     * next one from it. Allocates.
     *
     * @param motion energy of frames, at the middle of their exposures
     * @param exposureNs as above
     */
    public static Events flashesByMotion(Track motion, double exposureNs) {
        return runs(motion, exposureNs, 1);
    }

    /** Runs of frames that stick out, without so many at their ends. */
    private static Events runs(Track track, double exposureNs, int tail) {
        var events = new Events();
        if (track.size() == 0) {
            return events;
        }
        double[] steady = track.steady(0, LEAST_FLASH);
        for (int i = 0; i < track.size(); i++) {
            int end = i;
            while (end < track.size() && track.value(0, end) > steady[end]) {
                end++;
            }
            int lit = end - i - tail;
            if (lit > 0 && lit + tail <= MOST_FLASH && i > 0 && end < track.size()) {
                double from = track.timeNs(i) - exposureNs / 2;
                double to = track.timeNs(i + lit - 1) + exposureNs / 2;
                events.add((from + to) / 2, (to - from) / 2);
            }
            i = Math.max(i, end - 1);
        }
        return events;
    }
}
