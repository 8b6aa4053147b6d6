// SPDX-License-Identifier: Apache-2.0
package mimir.api.report;

/**
 * A source that should deliver and does not. Immutable.
 *
 * @param source its id
 * @param sinceNs host time of the last sign of it, ns
 * @param cause why, as far as that is known, and what to do: one sentence that goes on after the name of the source
 */
public record Alarm(String source, long sinceNs, String cause) {
}
