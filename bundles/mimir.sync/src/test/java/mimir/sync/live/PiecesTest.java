// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mimir.api.sync.SyncReport;
import mimir.api.time.ClockMap;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private final Pieces pieces = new Pieces(List.of(report(1, 0, 10), report(1, 0, 20), report(1, 1, 30),
            report(1, 1, 40), report(2, 0, 60)));

    @Test
    void shouldGiveEachItemTheLastMapOfItsSegment() {
        assertThat(pieces.at(1, 5).canonicalReferenceNs()).as("before the first map").isEqualTo(20);
        assertThat(pieces.at(1, 29).canonicalReferenceNs()).isEqualTo(20);
        assertThat(pieces.at(1, 30).canonicalReferenceNs()).isEqualTo(40);
        assertThat(pieces.at(1, 1000).canonicalReferenceNs()).isEqualTo(40);
        assertThat(pieces.at(2, 55).canonicalReferenceNs()).isEqualTo(60);
    }

    @Test
    void shouldKnowNothingOfOtherEpochs() {
        assertThat(pieces.at(3, 70)).isNull();
        assertThat(pieces.none()).isFalse();
        assertThat(new Pieces(List.of()).none()).isTrue();
    }

    private static SyncReport report(int epoch, int segment, long atNs) {
        return new SyncReport(new ClockMap("cam", epoch, segment, 0, atNs, 1, 1, "m"), atNs, 0, 0, 0, 0,
                new SyncReport.Residuals(0, 0, 0, 0), 1, 0.95, "arrivals");
    }
}
