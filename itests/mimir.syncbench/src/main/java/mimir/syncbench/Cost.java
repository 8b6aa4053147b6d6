// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What an observation costs: time, and bytes of the heap. */
final class Cost {
    private static final int ITEMS = 600_000;   // 200 s of audio
    private static final int ROUNDS = 7;

    private Cost() {
    }

    static List<Row> rows() {
        var scenario = Scenarios.builtIn("a1");
        var device = new Device(scenario, 1);
        var ticks = new long[ITEMS];
        var hostNs = new long[ITEMS];
        for (int i = 0; i < ITEMS; i++) {
            device.next();
            ticks[i] = device.deviceTime();
            hostNs[i] = device.hostNs();
        }
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        double bestNs = Double.POSITIVE_INFINITY;
        double leastBytes = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            var ours = new Ours(1e9 / scenario.tickHz());
            ours.observe(ticks[0], hostNs[0]);
            long bytes = bean.getCurrentThreadAllocatedBytes();
            long begin = System.nanoTime();
            for (int i = 1; i < ITEMS; i++) {
                ours.observe(ticks[i], hostNs[i]);
            }
            bestNs = Math.min(bestNs, (System.nanoTime() - begin) / (double) ITEMS);
            leastBytes = Math.min(leastBytes, (bean.getCurrentThreadAllocatedBytes() - bytes) / (double) ITEMS);
        }
        return List.of(Row.most("a1: an observation, all that follows from it included", bestNs, 50, "ns"),
                Row.most("a1: an observation, allocated (0.5 B counts as 0)", leastBytes, 0.5, "B"));
    }
}
