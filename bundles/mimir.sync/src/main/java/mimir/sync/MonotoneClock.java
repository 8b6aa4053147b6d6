// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * Canonical time for what must never see it go back, such as a schedule: a map that is corrected is followed by running
 * up to 500 ppm faster or slower, not by a jump. Behind by more than 50 ms it catches up at once; ahead by more than
 * that, as after a step of the device's clock, it waits. Each reader has its own. Confined; does not lock or allocate.
 */
public final class MonotoneClock {
    private static final double SLEW = 500e-6;
    private static final double MOST_NS = 50e6;

    private final MapCell cell;
    private final MapCell.Copy map = new MapCell.Copy();
    private double off;          // what is shown, minus the map, at the anchor
    private long anchorNs;       // canonical time at which that was
    private long last = Long.MIN_VALUE;
    private boolean begun;

    /** Follows this map. */
    public MonotoneClock(MapCell cell) {
        this.cell = cell;
    }

    /**
     * Canonical time of a device time of the newest epoch, ns; never less than what was returned before.
     * {@code Long.MIN_VALUE} as long as there is no map.
     */
    public long canonicalNs(long deviceTime) {
        boolean first = !begun;
        long shownBefore = first ? 0 : shown(deviceTime);
        int epoch = map.epoch;
        if (cell.copyTo(map)) {
            begun = true;
            long now = map.canonicalNs(deviceTime);
            long before = map.epoch == epoch ? shownBefore : last;
            off = first ? 0 : before - now;
            off = off < -MOST_NS ? 0 : off;
            anchorNs = now;
        }
        if (begun) {
            last = Math.max(last, shown(deviceTime));
        }
        return last;
    }

    /** What is shown: the map, and what is left of how far it was off. */
    private long shown(long deviceTime) {
        long now = map.canonicalNs(deviceTime);
        double worked = Math.max(0, now - anchorNs) * Math.min(Math.abs(off) < MOST_NS ? SLEW : 1, 1);
        return now + Math.round(Math.signum(off) * Math.max(0, Math.abs(off) - worked));
    }
}
