// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/** A swap leaves nothing behind. Immutable. */
final class LeakCheck implements Check {
    private static final long LOOK_NS = 5_000_000;
    private static final int SETTLED = 10;
    private static final int LOOKS = 400;

    /**
     * Something that the process holds.
     *
     * @param each so much more of it a swap may cost
     * @param wander so much the JVM itself takes and gives back as it likes: the more swaps, the less hides in that
     * @param least with fewer swaps that is all that would be seen
     */
    private record Kind(String label, double each, double wander, int least, ToLongFunction<Holdings> of) {
        boolean leaks(double slope, int swaps) {
            return swaps >= least && slope > each + wander / swaps;
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("threads", 0.4, 0, 1, Holdings::threads),
            new Kind("descriptors", 0.4, 0, 1, Holdings::descriptors),
            new Kind("mappings", 0.4, 0, 1, Holdings::mappings),
            new Kind("classes", 2, 40, 1, Holdings::classes),
            new Kind("bytes of native memory", 32_768, 16 << 20, 10, Holdings::nativeBytes));

    @Override
    public String name() {
        return "leaks";
    }

    @Override
    public String property() {
        return "Swaps leave no thread, descriptor, mapping, class or native memory behind.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(3 + effort.count());
    }

    @Override
    public String look(Stand stand) {
        int warm = Math.max(2, stand.effort().count() / 2);
        int measured = Math.max(4, stand.effort().count());
        var held = new ArrayList<Holdings>();
        try (var opened = stand.openSteady()) {
            for (int i = 0; i < warm + measured; i++) {
                stand.swap();
                var now = settled();
                if (i >= warm) {
                    held.add(now);
                }
                opened.followers().forEach(follower -> follower.take(1, stand.effort().patience()));
            }
        }
        return judge(held);
    }

    /** What so many looks say, one after each swap. */
    static String judge(List<Holdings> held) {
        var all = new ArrayList<String>();
        var left = new ArrayList<String>();
        for (var kind : KINDS) {
            double slope = slope(held.stream().mapToLong(kind.of()).toArray());
            var words = String.format(Locale.ROOT, "%+.1f %s", slope + 0.0, kind.label());
            all.add(words);
            if (kind.leaks(slope, held.size())) {
                left.add(words);
            }
        }
        if (!left.isEmpty()) {
            throw new Shortfall("each swap leaves " + String.join(", ", left)
                    + "; give back in deactivate what activate took");
        }
        return "over " + held.size() + " swaps each brought " + String.join(", ", all);
    }

    /** A thread that prepared a device ends shortly after the device is published. */
    private static Holdings settled() {
        var last = Holdings.now();
        for (int same = 0, looks = 0; same < SETTLED && looks < LOOKS; looks++) {
            LockSupport.parkNanos(LOOK_NS);
            var now = last.again();
            same = now.threads() == last.threads() && now.descriptors() == last.descriptors() ? same + 1 : 0;
            last = now;
        }
        return last;
    }

    /**
     * From the lowest of the first half to the lowest of the second: what the JVM takes for a while only adds to some
     * of them.
     */
    static double slope(long[] values) {
        int half = values.length / 2;
        long before = Arrays.stream(values, 0, half).min().orElseThrow();
        long after = Arrays.stream(values, values.length - half, values.length).min().orElseThrow();
        return (after - before) / (double) (values.length - half);
    }
}
