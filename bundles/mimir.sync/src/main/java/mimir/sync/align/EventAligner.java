// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Locale;

/**
 * Events against events: flash and click, click and click, flash and flash. A flash is known to lie within a frame's
 * exposure, so every pair bounds the offset from both sides; all lines within all bounds are a corridor, which narrows
 * with the number of events and not with its root. Confined; control threads.
 */
public final class EventAligner {
    private static final int LEAST = 4;
    private static final double MOST_RUNNER_UP = 0.7;
    private static final int MOST = 2000;
    private static final double WIDER = 1.15;
    private static final int MOST_WIDER = 12;

    private final Limits limits;

    /** Looks within the limits. */
    public EventAligner(Limits limits) {
        this.limits = limits;
    }

    /** How far the second is behind the first. */
    public Alignment align(Events a, Events b) {
        if (Math.min(a.size(), b.size()) < LEAST || Math.max(a.size(), b.size()) > MOST) {
            return Alignment.none(String.format(Locale.ROOT, "there are %d and %d events; %d to %d are needed",
                    a.size(), b.size(), LEAST, MOST));
        }
        double middle = (a.first() + a.last()) / 2;
        double tolerance = a.widest() + b.widest() + limits.driftPpm() * 1e-6 * (a.last() - a.first()) / 2;
        var best = search(a, b, tolerance);
        if (best.count < LEAST || 2 * best.count < best.possible) {
            return Alignment.none("the events of the two do not fit together");
        }
        if (best.runnerUp > MOST_RUNNER_UP) {
            return Alignment.none("the events repeat themselves: several offsets fit as well as the best");
        }
        double regular = a.regularity(2 * tolerance);
        double log = Double.isNaN(regular) ? chance(a, b, best, tolerance)
                : Math.log(Math.min(1, 2 * (Math.abs(best.offset) + tolerance) / regular));
        if (Double.isNaN(regular) ? !limits.rule(log) : log > Math.log(0.5)) {
            return Alignment.none("the events of the two fit together no better than by chance");
        }
        return corridor(a, b, best, tolerance, middle, log, !Double.isNaN(regular));
    }

    /** Every pair proposes an offset; the one that most others agree with. */
    private Found search(Events a, Events b, double tolerance) {
        var best = new Found();
        var other = new Found();
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < a.size(); i++) {
                for (int j = 0; j < b.size(); j++) {
                    double offset = b.middleNs(j) - a.middleNs(i);
                    if (Math.abs(offset) <= limits.offsetNs() + tolerance
                            && (pass == 0 || Math.abs(offset - best.offset) > 2 * tolerance)) {
                        (pass == 0 ? best : other).better(a, b, offset, tolerance);
                    }
                }
            }
        }
        best.runnerUp = best.count == 0 ? 1 : (double) other.count / best.count;
        return best;
    }

    /** Matches of events that came at random are a binomial; Chernoff's bound of its tail. */
    private double chance(Events a, Events b, Found best, double tolerance) {
        double density = b.size() / Math.max(b.last() - b.first(), 1);
        double p = Math.min(0.999, 2 * tolerance * density);
        double q = Math.min(0.999999, (double) best.count / best.possible);
        if (q <= p) {
            return 0;
        }
        double divergence = q * Math.log(q / p) + (1 - q) * Math.log((1 - q) / (1 - p));
        double trials = Math.max(1, limits.offsetNs() / tolerance);
        return Math.min(0, Math.log(trials) - best.possible * divergence);
    }

    private Alignment corridor(Events a, Events b, Found best, double tolerance, double middle, double log,
            boolean regular) {
        double wider = 1;
        for (int i = 0; i < MOST_WIDER; i++, wider *= WIDER) {
            var corridor = new Corridor(best.offset - 2 * tolerance, best.offset + 2 * tolerance,
                    limits.driftPpm() * 1e-6);
            int count = 0;
            for (int k = 0; k < a.size(); k++) {
                int m = b.nearest(a.middleNs(k) + best.offset);
                double distance = b.middleNs(m) - a.middleNs(k);
                if (Math.abs(distance - best.offset) <= tolerance) {
                    double half = wider * (a.half(k) + b.half(m));
                    corridor.gate(a.middleNs(k) - middle, distance - half, distance + half);
                    count++;
                }
            }
            if (!corridor.empty()) {
                return stated(corridor, middle, log, best.runnerUp, count, regular);
            }
        }
        return Alignment.none("no offset and drift within the limits fits all events");
    }

    private static Alignment stated(Corridor corridor, double middle, double log, double runnerUp, int count,
            boolean regular) {
        double[] offset = corridor.range(0);
        double[] slope = corridor.range(1);
        var reason = count + (regular ? " events that come at regular intervals: that they are the same is told by the"
                + " offset alone" : " common events");
        return new Alignment(Evidence.EVENTS, middle, (offset[0] + offset[1]) / 2,
                Math.max(1, (offset[1] - offset[0]) / 2), 1e9 * (slope[0] + slope[1]) / 2,
                1e9 * (slope[1] - slope[0]) / 2, 1 - Math.exp(log), runnerUp, count, reason);
    }

    /** Confined. */
    private static final class Found {
        double offset;
        int count;
        int possible;
        double spread = Double.POSITIVE_INFINITY;
        double runnerUp;

        void better(Events a, Events b, double candidate, double tolerance) {
            int matches = 0;
            int inReach = 0;
            double sum = 0;
            double squares = 0;
            for (int k = 0; k < a.size(); k++) {
                double expected = a.middleNs(k) + candidate;
                if (expected >= b.first() - tolerance && expected <= b.last() + tolerance) {
                    inReach++;
                    double off = b.middleNs(b.nearest(expected)) - expected;
                    if (Math.abs(off) <= tolerance) {
                        matches++;
                        sum += off;
                        squares += off * off;
                    }
                }
            }
            if (matches > count || matches == count && squares < spread) {
                count = matches;
                spread = squares;
                possible = Math.min(inReach, b.size());
                offset = candidate + (matches > 0 ? sum / matches : 0);
            }
        }
    }
}
