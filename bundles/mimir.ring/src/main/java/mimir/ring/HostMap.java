// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/**
 * How another host's clock stands to this one's. Immutable; evaluation neither locks nor allocates.
 *
 * @param otherNs an instant by the other host's clock, ns
 * @param hereNs the same by {@link HostClock#nowNs}, ns
 * @param rate ns that pass here in one of the other's
 */
public record HostMap(long otherNs, long hereNs, double rate) {
    /** A time of the other host by the clock of this one, ns. */
    public long here(long ofOtherNs) {
        long passed = ofOtherNs - otherNs;
        return hereNs + passed + Math.round(passed * (rate - 1));
    }
}
