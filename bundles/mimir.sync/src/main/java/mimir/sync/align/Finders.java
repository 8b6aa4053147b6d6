// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/** Finds short events: clicks in a sound, flashes in the brightness of frames. Thread-safe. */
public final class Finders {
    private static final double LOUDER = 2.5;          // than nearly all other samples
    private static final double LEAST_CLICK = 0.02;    // of full scale
    private static final double USUAL = 0.998;
    private static final double ONE_CLICK_NS = 50e6;
    private static final double ONSET_NS = 2e6;
    private static final double LEAST_FLASH = 4;       // levels
    private static final int MOST_FLASH = 3;           // frames

    private Finders() {
    }

    /** Clicks: each where it begins, on the sample. Allocates. */
    public static Events clicks(Sound sound) {
        var events = new Events();
        double[] samples = sound.samples();
        var loud = Arrays.stream(samples).map(Math::abs).toArray();
        var sorted = loud.clone();
        Arrays.sort(sorted);
        double threshold = Math.max(LEAST_CLICK,
                sorted.length == 0 ? 0 : LOUDER * sorted[(int) (USUAL * (sorted.length - 1))]);
        int quiet = (int) (ONE_CLICK_NS / sound.nsPerSample());
        int onset = (int) (ONSET_NS / sound.nsPerSample());
        for (int i = 0; i < loud.length; i++) {
            if (loud[i] > threshold) {
                int first = i;
                for (int k = Math.max(0, i - onset); k < i && first == i; k++) {
                    first = loud[k] > threshold / 2 ? k : i;
                }
                events.add(sound.timeNs((first + i) / 2.0), sound.nsPerSample() * (1 + (i - first) / 2.0));
                i += quiet;
            }
        }
        return events;
    }

    /**
     * Flashes: one to three frames that are brighter than those around. Allocates.
     *
     * @param brightness of frames, at the middle of their exposures
     * @param exposureNs how long each is exposed, from its first row's begin to its last row's end, ns
     */
    public static Events flashes(Track brightness, double exposureNs) {
        var events = new Events();
        if (brightness.size() == 0) {
            return events;
        }
        double[] steady = brightness.steady(0, LEAST_FLASH);
        for (int i = 0; i < brightness.size(); i++) {
            int end = i;
            while (end < brightness.size() && brightness.value(0, end) > steady[end]) {
                end++;
            }
            if (end > i && end - i <= MOST_FLASH && i > 0 && end < brightness.size()) {
                double from = brightness.timeNs(i) - exposureNs / 2;
                double to = brightness.timeNs(end - 1) + exposureNs / 2;
                events.add((from + to) / 2, (to - from) / 2);
            }
            i = Math.max(i, end - 1);
        }
        return events;
    }
}
