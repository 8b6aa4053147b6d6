// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

/** The peer of LSL: recursive least squares with a forgetting of 90 s half-time, liblsl's default. Confined. */
final class Regression implements Mapper {
    private static final double HALF_NS = 90e9;

    private final double nominal;
    private final Sums sums = new Sums();
    private boolean begun;
    private long deviceBase;
    private long hostBase;
    private double lastU;
    private double keep = 1;
    private double keepFor;

    Regression(double nominalNsPerTick) {
        nominal = nominalNsPerTick;
    }

    @Override
    public void observe(long deviceTime, long hostNs) {
        if (!begun) {
            begun = true;
            deviceBase = deviceTime;
            hostBase = hostNs;
        }
        double u = (deviceTime - deviceBase) * nominal;
        double step = u - lastU;
        if (step != keepFor) {
            keep = Math.pow(0.5, Math.max(0, step) / HALF_NS);
            keepFor = step;
        }
        sums.move(step, keep);
        sums.add(0, hostNs - hostBase - u);
        lastU = u;
    }

    @Override
    public long canonicalNs(long deviceTime) {
        double u = (deviceTime - deviceBase) * nominal;
        return hostBase + Math.round(u + sums.level() + sums.slope() * (u - lastU));
    }

    @Override
    public double rate() {
        return sums.slope();
    }
}
