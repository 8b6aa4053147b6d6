// SPDX-License-Identifier: Apache-2.0
package mimir.bench.publish;

import java.util.List;
import mimir.bench.Case;

/**
 * What it takes to publish: with readers, twice, with the reservoir and an export beside them, and with nobody there.
 * Immutable.
 */
public final class PublishSuite {
    private static final String NAME = "publish";
    /** As the platform runs. */
    private static final List<String> FLAGS = List.of("-XX:+UseZGC", "-XX:-ZUncommit");

    private PublishSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(of("readers", true, false), of("export", true, true), of("again", true, false),
                of("nobody", false, false));
    }

    private static Case of(String name, boolean readers, boolean export) {
        return new Case(NAME, name, FLAGS, () -> new Publishing(readers, export));
    }
}
