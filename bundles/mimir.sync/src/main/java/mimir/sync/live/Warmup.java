// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import mimir.sync.ClockEstimator;

/**
 * Lets an estimator see one device of each kind, before there are any: classes load and code is compiled then, not at
 * the first items. Some ten thousand observations. Confined.
 */
final class Warmup {
    private static final int ITEMS = 4096;
    private static final long PERIOD_NS = 2_500_000;
    private static final long DRIFT_PPM = 30;
    private static final long JITTER_NS = 50_000;
    private static final long STEP_NS = 700_000;

    private Warmup() {
    }

    static void run() {
        observe(0);
        observe(125_000);
        observe(4_000_000);
        tell(new Trace(SourceClock.COLUMNS));
    }

    /** The first access by a handle links it, which allocates. */
    private static void tell(Trace trace) {
        for (int i = 0; i < ITEMS; i++) {
            trace.set(SourceClock.EPOCH, i);
            trace.set(SourceClock.RATE, 1.0);
            trace.next();
            trace.written();
        }
    }

    /** Arrivals on a grid, 0 for none, and a step of the clock after half of them; then another epoch. */
    private static void observe(long gridNs) {
        var estimator = new ClockEstimator(1);
        long chaos = 1;
        for (int i = 0; i < 2 * ITEMS; i++) {
            if (i % ITEMS == 0) {
                estimator.epoch(i / ITEMS);
            }
            chaos = chaos * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
            long device = i * PERIOD_NS + (i % ITEMS > ITEMS / 2 ? STEP_NS : 0);
            long host = i * PERIOD_NS + i * PERIOD_NS / 1_000_000 * DRIFT_PPM;
            long arrival = gridNs == 0 ? host : (host / gridNs + 1) * gridNs;
            estimator.observe(device, arrival + (chaos >>> 40) % JITTER_NS);
        }
    }
}
