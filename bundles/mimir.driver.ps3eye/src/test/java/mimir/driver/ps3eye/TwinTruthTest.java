// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mimir.api.time.TruthSource;
import mimir.ring.HostClock;
import mimir.ring.RingStore;
import org.junit.jupiter.api.Test;

/** The truth of an emulated camera, epoch by epoch. */
class TwinTruthTest {
    private static final Place HERE = new Place(1, 1);
    private static final Place THERE = new Place(2, 4);

    private final Map<Place, TwinNative.Stream> streams = new HashMap<>();

    @Test
    void shouldKnowEachEpochByItsOwnStream() {
        long nowNs = HostClock.nowNs();
        try (var rings = new RingStore(Map.of()); var owner = rings.open(Table.settings("eye.1").ring(), "test")) {
            var truth = new TwinTruth("eye.1", owner.ring(), place -> Optional.ofNullable(streams.get(place)));
            assertThat(truth.trueNs(1, 0)).isEqualTo(TruthSource.UNKNOWN);

            streams.put(HERE, new TwinNative.Stream(nowNs - 10_000, 1000));
            truth.at(HERE);
            assertThat(truth.trueNs(1, 3)).isEqualTo(nowNs - 7000);
            truth.at(THERE);
            streams.clear();
            assertThat(truth.trueNs(1, 4)).isEqualTo(nowNs - 6000);
            assertThat(truth.trueNs(1, -1)).isEqualTo(TruthSource.UNKNOWN);
            assertThat(truth.trueNs(1, 1L << 50)).isEqualTo(TruthSource.UNKNOWN);
            assertThat(truth.trueNs(2, 0)).isEqualTo(TruthSource.UNKNOWN);
        }
    }
}
