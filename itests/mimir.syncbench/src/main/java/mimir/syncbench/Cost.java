// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;

/** What an observation costs: time, and bytes of the heap. */
final class Cost {
    private static final double DEVICE_S = 200;
    private static final int LEAST_ITEMS = 600_000; // enough for all of it to be compiled
    private static final int ROUNDS = 7;

    private final String name;
    private final double nominal;
    private final long[] ticks;
    private final long[] hostNs;
    private double bestNs = Double.POSITIVE_INFINITY;
    private double leastBytes = Double.POSITIVE_INFINITY;

    private Cost(String name, double perSecond) {
        this.name = name;
        var scenario = Scenarios.builtIn(name);
        var device = new Device(scenario, 1);
        int items = Math.max(LEAST_ITEMS, (int) (DEVICE_S * perSecond));
        ticks = new long[items];
        hostNs = new long[items];
        for (int i = 0; i < items; i++) {
            device.next();
            ticks[i] = device.deviceTime();
            hostNs[i] = device.hostNs();
        }
        nominal = 1e9 / scenario.tickHz();
    }

    /** Of audio, and of a camera on a grid, where 60 items a second share what is done once in a while. */
    static List<Row> rows() {
        return Stream.of(new Cost("a1", 3_000), new Cost("b1", 60)).flatMap(cost -> cost.measure().stream()).toList();
    }

    private List<Row> measure() {
        for (int round = 0; round < ROUNDS; round++) {
            round();
        }
        return List.of(Row.most(name + ": an observation, all that follows from it included", bestNs, 50, "ns"),
                Row.most(name + ": an observation, allocated (0.5 B counts as 0)", leastBytes, 0.5, "B"));
    }

    private void round() {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var ours = new Ours(nominal);
        ours.observe(ticks[0], hostNs[0]);
        long bytes = bean.getCurrentThreadAllocatedBytes();
        long begin = System.nanoTime();
        for (int i = 1; i < ticks.length; i++) {
            ours.observe(ticks[i], hostNs[i]);
        }
        bestNs = Math.min(bestNs, (System.nanoTime() - begin) / (double) ticks.length);
        leastBytes = Math.min(leastBytes, (bean.getCurrentThreadAllocatedBytes() - bytes) / (double) ticks.length);
    }
}
