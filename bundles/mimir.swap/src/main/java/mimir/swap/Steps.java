// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.LinkedHashMap;
import java.util.Map;

/** How long each step of a swap took, for whoever asks what a gap was made of. Confined to the thread that swaps. */
final class Steps {
    private static final double NS_PER_MS = 1e6;
    private static final double TENTHS = 10;

    private final Map<String, Long> ns = new LinkedHashMap<>();
    private long since = System.nanoTime();

    /** What went on since the last step ended was this one. */
    void done(String step) {
        long now = System.nanoTime();
        ns.merge(step, now - since, Long::sum);
        since = now;
    }

    /** In the order in which they came, ms. */
    Map<String, Double> ms() {
        var ms = new LinkedHashMap<String, Double>();
        ns.forEach((step, took) -> ms.put(step, Math.round(took / NS_PER_MS * TENTHS) / TENTHS));
        return ms;
    }
}
