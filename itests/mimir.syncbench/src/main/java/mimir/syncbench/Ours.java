// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import mimir.sync.ClockEstimator;

/** Mimir's estimator. Confined. */
final class Ours implements Mapper {
    private final ClockEstimator estimator;

    Ours(double nominalNsPerTick) {
        estimator = new ClockEstimator(nominalNsPerTick);
    }

    @Override
    public void observe(long deviceTime, long hostNs) {
        estimator.observe(deviceTime, hostNs);
    }

    @Override
    public long canonicalNs(long deviceTime) {
        return estimator.map().canonicalNs(deviceTime);
    }

    @Override
    public double rate() {
        return estimator.rate();
    }

    /** Half the stated interval, ns. */
    double intervalNs() {
        return estimator.map().uncertaintyNs();
    }

    /** The device begins anew. */
    void epoch(int number) {
        estimator.epoch(number);
    }

    /** Whether there is a map of this epoch. */
    boolean present(int epoch) {
        return estimator.map().present() && estimator.map().snapshot("", "").epoch() == epoch;
    }

    int segment() {
        return estimator.segment();
    }
}
