// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

/** A line by least squares over all arrivals of the last 60 s. Confined. */
final class LeastSquares implements Mapper {
    private static final double PART_NS = 0.5e9;
    private static final int PARTS = 120;

    private final double nominal;
    private final Sums[] parts = new Sums[PARTS];
    private final double[] origins = new double[PARTS];
    private final Sums whole = new Sums();
    private int now = -1;
    private double origin;
    private boolean begun;
    private long deviceBase;
    private long hostBase;

    LeastSquares(double nominalNsPerTick) {
        nominal = nominalNsPerTick;
    }

    @Override
    public void observe(long deviceTime, long hostNs) {
        if (!begun) {
            begun = true;
            deviceBase = deviceTime;
            hostBase = hostNs;
        }
        double h = hostNs - hostBase;
        double u = (deviceTime - deviceBase) * nominal;
        int part = (int) (h / PART_NS);
        if (part != now) {
            now = part;
            solve(u);
            if (parts[part % PARTS] == null) {
                parts[part % PARTS] = new Sums();
            }
            parts[part % PARTS].clear();
            origins[part % PARTS] = u;
        }
        parts[part % PARTS].add(u - origins[part % PARTS], h - u);
    }

    private void solve(double u) {
        whole.clear();
        origin = u;
        for (int i = 0; i < PARTS; i++) {
            if (parts[i] != null) {
                whole.add(parts[i], u - origins[i]);
            }
        }
    }

    @Override
    public long canonicalNs(long deviceTime) {
        double u = (deviceTime - deviceBase) * nominal;
        return hostBase + Math.round(u + (whole.empty() ? 0 : whole.level() + whole.slope() * (u - origin)));
    }

    @Override
    public double rate() {
        return whole.empty() ? 0 : whole.slope();
    }
}
