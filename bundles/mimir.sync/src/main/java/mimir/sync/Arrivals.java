// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/** How many device ticks an item takes: counts items, lost ones included, over as long as the device's time goes on. */
final class Arrivals {
    private static final double OFF = 0.25;  // of a period
    private static final int RECENT = 64;    // items

    private double period;
    private long first;
    private long last;
    private long count;
    private double jump;
    private boolean begun;
    private boolean follows;

    void reset() {
        begun = false;
    }

    /** An item's device time. */
    void add(long device) {
        double ticks = device - last;
        last = device;
        follows = false;
        if (!begun) {
            begun = true;
            period = 0;
            count = 0;
            jump = 0;
            return;
        }
        if (ticks <= 0 || ticks < period * (1 - OFF) || period == 0) {
            jumped(device, ticks);
            period = ticks > 0 ? ticks : period;
            return;
        }
        double items = ticks < period * (1 + OFF) ? 1 : Math.rint(ticks / period);
        if (Math.abs(ticks - items * period) > OFF * period) {
            jumped(device, ticks);
            return;
        }
        follows = items == 1;
        count += (long) items;
        if (count > 1) {
            period = (last - first) / (double) count;
        }
    }

    private void jumped(long device, double ticks) {
        first = device;
        count = 0;
        jump = period == 0 ? 0 : ticks - Math.rint(ticks / period) * period;
    }

    /** Whether the item came right after the one before it, none lost between. */
    boolean follows() {
        return follows;
    }

    /** Whether the device's own time jumped not long ago, by something else than whole periods. */
    boolean jumped() {
        return jump != 0 && count < RECENT;
    }

    /** By how many ticks the device's time last jumped, whole periods apart; 0 when it did not since this was asked. */
    double takeJump() {
        double ticks = jump;
        jump = 0;
        return ticks;
    }

    /** In device ticks; 0 before the second item. */
    double period() {
        return period;
    }
}
