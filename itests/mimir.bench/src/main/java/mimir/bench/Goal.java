// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is asked of one figure. Immutable.
 *
 * @param suite whose samples it looks at
 * @param name one line for people; names the row for good
 * @param ours our figure
 * @param peers theirs; of several the best one of each round counts
 * @param kind how the two are compared
 * @param goal what must be reached
 * @param stretch what would be better still; NaN when nothing more is asked
 */
public record Goal(String suite, String name, Figure ours, List<Figure> peers, Kind kind, double goal, double stretch) {
    /** How ours and theirs make one number, and which way is better. */
    public enum Kind {
        /** ours / theirs, a rate: more is better. */
        RATE,
        /** ours / theirs, a cost: less is better. */
        COST,
        /** theirs / ours, of a cost: more is better. */
        TIMES,
        /** ours - theirs: less is better. */
        EXTRA,
        /**
         * What changed: the median of (ours - theirs) of each round, against the median difference of two measurements
         * of theirs, which ought to be none. Two peers; up to 1, ours is as theirs.
         */
        CHANGE,
        /** ours alone: less is better. */
        LEAST,
        /** ours alone: more is better. */
        MOST;

        boolean moreIsBetter() {
            return this == RATE || this == TIMES || this == MOST;
        }

        double compare(double ours, double theirs) {
            return switch (this) {
                case RATE, COST -> ours / theirs;
                case TIMES -> theirs / ours;
                case EXTRA, CHANGE -> ours - theirs;
                case LEAST, MOST -> ours;
            };
        }

        /** What it compares is a rate, so that the best of several is the highest. */
        double best(double one, double other) {
            return this == RATE ? Math.max(one, other) : Math.min(one, other);
        }

        boolean met(double value, double limit) {
            return moreIsBetter() ? value >= limit : value <= limit;
        }
    }

    /** Ours and theirs. */
    List<Figure> figures() {
        return Stream.concat(Stream.of(ours), peers.stream()).toList();
    }

    boolean uses(String trial) {
        return figures().stream().anyMatch(figure -> trial.equals(figure.trial()));
    }
}
