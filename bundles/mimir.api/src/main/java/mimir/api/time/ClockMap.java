// SPDX-License-Identifier: Apache-2.0
package mimir.api.time;

/**
 * How a device's clock maps to canonical time, within one segment of one epoch. Evaluated by hot readers without lock
 * or allocation. Immutable.
 *
 * @param sourceId whose clock
 * @param epoch epoch of the source that it holds in; no map spans two
 * @param segment segment within the epoch, from 0; a new one begins at a detected step
 * @param deviceReference device time, in the unit of the descriptor
 * @param canonicalReferenceNs canonical time at {@code deviceReference}, ns
 * @param nsPerTick canonical ns for one unit of device time: the rate
 * @param uncertaintyNs half width of the interval that holds 95 % of the true errors, ns
 * @param modelId which estimator made it
 */
public record ClockMap(String sourceId, int epoch, int segment, long deviceReference, long canonicalReferenceNs,
        double nsPerTick,
        long uncertaintyNs, String modelId) {

    /** Canonical time of a device time of the same epoch, ns. */
    public long canonicalNs(long deviceTime) {
        return canonicalReferenceNs + Math.round((deviceTime - deviceReference) * nsPerTick);
    }
}
