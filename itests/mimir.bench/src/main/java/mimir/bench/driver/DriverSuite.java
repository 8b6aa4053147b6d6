// SPDX-License-Identifier: Apache-2.0
package mimir.bench.driver;

import java.util.List;
import mimir.bench.Case;

/** A driver from the arrival of an item to a reader's hand, beside bare threads in C. Immutable. */
public final class DriverSuite {
    private static final String NAME = "driver";
    /** As the platform runs. */
    private static final List<String> FLAGS = List.of("-XX:+UseZGC", "-XX:-ZUncommit");

    private DriverSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(new Case(NAME, "sim", FLAGS, Simulated::new), new Case(NAME, "bare", FLAGS, Bare::new));
    }
}
