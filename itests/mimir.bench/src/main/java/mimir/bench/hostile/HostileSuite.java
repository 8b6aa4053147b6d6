// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import java.util.List;
import mimir.bench.Case;
import mimir.bench.hostile.DeliveryTrial.Beside;

/** Delivery beside hostile analysers, beside a storm of log entries, and twice without, in turns. Immutable. */
public final class HostileSuite {
    private static final String NAME = "hostile";
    /** As the platform runs. */
    private static final List<String> FLAGS = List.of("-XX:+UseZGC", "-XX:-ZUncommit");

    private HostileSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(delivery("alone", Beside.NOTHING), delivery("hostile", Beside.HOSTILE),
                delivery("storm", Beside.STORM), delivery("again", Beside.NOTHING));
    }

    private static Case delivery(String name, Beside beside) {
        return new Case(NAME, "delivery." + name, FLAGS, () -> new DeliveryTrial(beside));
    }
}
