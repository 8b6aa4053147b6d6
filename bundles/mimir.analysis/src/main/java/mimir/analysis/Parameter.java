// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import mimir.api.BadInputException;
import mimir.api.analysis.Stage;

/**
 * A parameter of a native analyser. Immutable.
 *
 * @param name in {@code @Analysis} and in C
 * @param least value
 * @param most value
 */
record Parameter(String name, double least, double most) {
    /** Its value at a stage. Throws {@link BadInputException} when it is out of range. */
    double of(Stage stage) {
        double value = stage.number(name);
        if (!(value >= least && value <= most)) {
            throw new BadInputException(name + " is " + stage.parameter(name) + ", but it must be from " + plain(least)
                    + " to " + plain(most));
        }
        return value;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
