// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;
import java.util.OptionalDouble;

/**
 * One side of a comparison. Immutable.
 *
 * @param trial whose figure; null: {@code value} is it, whatever is measured
 * @param name of the figure
 * @param value a constant
 */
public record Figure(String trial, String name, double value) {
    /** What a trial measures. */
    public static Figure of(String trial, String name) {
        return new Figure(trial, name, 0);
    }

    /** What is known without measuring. */
    public static Figure constant(double value) {
        return new Figure(null, "constant", value);
    }

    /** Its value in these samples of one round; empty when it was not measured. */
    OptionalDouble in(List<Sample> round) {
        return trial == null ? OptionalDouble.of(value) : round.stream().filter(each -> each.trial().equals(trial))
                .filter(each -> each.figures().containsKey(name)).mapToDouble(each ->
                        each.figures().get(name)).findFirst();
    }
}
