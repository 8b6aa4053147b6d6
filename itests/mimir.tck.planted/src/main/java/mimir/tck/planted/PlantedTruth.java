// SPDX-License-Identifier: Apache-2.0
package mimir.tck.planted;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mimir.api.time.TruthSource;

/** The true times of a planted device: a start for each epoch, and a period. Thread-safe. */
final class PlantedTruth implements TruthSource {
    private final String id;
    private final long periodNs;
    private final Map<Integer, Long> starts = new ConcurrentHashMap<>();

    PlantedTruth(String id, long periodNs) {
        this.id = id;
        this.periodNs = periodNs;
    }

    @Override
    public String id() {
        return id;
    }

    /** Item 0 of an epoch is taken then. */
    void begin(int epoch, long startNs) {
        starts.put(epoch, startNs);
    }

    @Override
    public long trueNs(int epoch, long sequence) {
        var start = starts.get(epoch);
        return start == null ? UNKNOWN : start + sequence * periodNs;
    }
}
