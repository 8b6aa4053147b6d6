// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;
import java.util.Map;

/**
 * What one trial found in one round. Immutable.
 *
 * @param suite its suite
 * @param trial its name
 * @param round from 1
 * @param figures by name
 * @param faults why the figures must not be believed; empty when they may
 * @param idle share of all processors that was idle meanwhile
 * @param runnable threads of other processes that could run just before
 */
public record Sample(String suite, String trial, int round, Map<String, Double> figures, List<String> faults,
        double idle,
        int runnable) {
}
