// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/**
 * One channel of sound on canonical time. Immutable as long as nobody writes into the samples.
 *
 * @param samples full scale is 1.0; a hole is filled with zeros
 * @param startNs canonical time of the first sample, ns
 * @param nsPerSample from one sample to the next, by the device's clock map, ns
 */
public record Sound(double[] samples, double startNs, double nsPerSample) {
    /** Canonical time of a sample, ns. */
    double timeNs(double index) {
        return startNs + index * nsPerSample;
    }

    double endNs() {
        return timeNs(samples.length);
    }
}
