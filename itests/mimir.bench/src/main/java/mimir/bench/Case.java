// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;
import java.util.function.Supplier;

/**
 * A trial by its name. Immutable.
 *
 * @param suite such as {@code handoff}
 * @param name mechanism and load, such as {@code jctools.latency}
 * @param flags further options for its JVM
 * @param trial makes the trial, in its own JVM
 */
public record Case(String suite, String name, List<String> flags, Supplier<Trial> trial) {
    /** Without further options. */
    public Case(String suite, String name, Supplier<Trial> trial) {
        this(suite, name, List.of(), trial);
    }
}
