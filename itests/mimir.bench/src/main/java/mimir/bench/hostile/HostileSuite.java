// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import java.util.List;
import mimir.bench.Case;

/** Delivery beside hostile analysers, and twice without, in turns. Immutable. */
public final class HostileSuite {
    private static final String NAME = "hostile";
    /** As the platform runs. */
    private static final List<String> FLAGS = List.of("-XX:+UseZGC", "-XX:-ZUncommit");

    private HostileSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(new Case(NAME, "delivery.alone", FLAGS, () -> new DeliveryTrial(false)),
                new Case(NAME, "delivery.hostile", FLAGS, () -> new DeliveryTrial(true)),
                new Case(NAME, "delivery.again", FLAGS, () -> new DeliveryTrial(false)));
    }
}
