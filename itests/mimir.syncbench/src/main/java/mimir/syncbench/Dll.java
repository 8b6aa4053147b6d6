// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

/**
 * The peer of JACK and PipeWire: a second-order delay-locked loop (Adriaensen 2005) of 0.01 Hz, the bandwidth at which
 * it does best here, entered from a wide one. Confined.
 */
final class Dll implements Mapper {
    private static final double WIDE_HZ = 1;
    private static final double NARROW_HZ = 0.01;
    private static final double NARROWING_S = 10; // from wide to narrow

    private final double nominal;
    private boolean begun;
    private long deviceBase;
    private long hostBase;
    private double lastU;
    private double level;
    private double rate;

    Dll(double nominalNsPerTick) {
        nominal = nominalNsPerTick;
    }

    @Override
    public void observe(long deviceTime, long hostNs) {
        if (!begun) {
            begun = true;
            deviceBase = deviceTime;
            hostBase = hostNs;
            return;
        }
        double u = (deviceTime - deviceBase) * nominal;
        double step = u - lastU;
        double hz = Math.max(NARROW_HZ, WIDE_HZ * Math.pow(NARROW_HZ / WIDE_HZ, u * 1e-9 / NARROWING_S));
        double w = Math.min(1, Math.abs(2 * Math.PI * hz * step * 1e-9));
        level += rate * step;
        double error = hostNs - hostBase - u - level;
        level += Math.sqrt(2) * w * error;
        rate += step == 0 ? 0 : w * w * error / step;
        lastU = u;
    }

    @Override
    public long canonicalNs(long deviceTime) {
        double u = (deviceTime - deviceBase) * nominal;
        return hostBase + Math.round(u + level + rate * (u - lastU));
    }

    @Override
    public double rate() {
        return rate;
    }
}
