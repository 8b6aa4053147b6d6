// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * Which tick of a grid an arrival belongs to, and where the ticks are: so that one arrival of fifty comes earlier after
 * its tick than is told. That share is followed by a step down for each that is earlier and a small one up for each
 * that is later (Robbins and Monro 1951); a minimum would be spoilt by those that miss their tick and are early for the
 * next. Confined; allocates nothing.
 */
final class GridPhase {
    private static final double SHARE = 0.02;
    private static final double GUARD = 0.25;   // of a grid: so much before its phase an arrival is of this tick
    private static final double LEAST_GAIN = 0.01;
    private static final int FIRST_ITEMS = 8;
    private static final int FOUND_ITEMS = 256; // from then on it is there, and moves no more than arrivals do
    private static final double MEMORY_NS = 20e9;

    private double spacing;
    private double scatter;
    private double phase;
    private double usual;   // mean of the phase
    private double swell;   // mean square of what it is off that: a busy machine is late for all ticks for a while
    private double last;
    private int items;

    /** A grid with such a spacing, mean phase of arrivals and scatter around it, all ns. */
    void begin(double gridNs, double meanPhase, double scatterNs) {
        spacing = gridNs;
        phase = meanPhase;
        scatter = scatterNs;
        items = FIRST_ITEMS;
        swell = 0;
    }

    /** An arrival at h: the tick that it belongs to, without the phase, ns. */
    double add(double h) {
        double tick = Math.floor((h - phase) / spacing + GUARD) * spacing;
        double gain = scatter * Math.max(LEAST_GAIN, 1.0 / items++);
        phase += h - tick < phase ? gain * (SHARE - 1) : gain * SHARE;
        double off = phase - usual;
        double share = items > FOUND_ITEMS ? Math.clamp((h - last) / MEMORY_NS, 0, 1) : 1;
        usual += share * off;
        swell += items > FOUND_ITEMS ? share * (off * off - swell) : 0;
        last = h;
        return tick;
    }

    /** Where the ticks are, ns from multiples of the spacing. */
    double phase() {
        return phase;
    }

    /** Half the interval that holds the phase 95 times of 100, ns. */
    double half() {
        return scatter * (0.05 + 2.0 / items) + 2 * Math.sqrt(swell);
    }
}
