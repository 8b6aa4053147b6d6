// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.Test;

/** What a probe makes of items. Threads: confined. */
class ProbeMeterTest {
    private static final long MS = 1_000_000;
    private static final long EPOCH_AT = 16; // as in docs/ring-abi.md
    private static final long GAP_AT = 76;
    private static final long BEGIN = 5_000 * MS;

    private final ProbeMeter meter = new ProbeMeter(BEGIN, BEGIN + 10_000 * MS);
    private long hostNs = BEGIN;
    private long sequence;

    private void item(int epoch, int gap, long afterMs) {
        hostNs += afterMs * MS;
        sequence += 1 + gap;
        try (var arena = Arena.ofConfined()) {
            var bytes = arena.allocate(Descriptor.BYTES, Long.BYTES);
            var item = new Descriptor().sequence(sequence).hostTimeNs(hostNs).shape(1, 8, 8, 64);
            item.copyTo(bytes, 0);
            bytes.set(ValueLayout.JAVA_INT, EPOCH_AT, epoch);
            bytes.set(ValueLayout.JAVA_INT, GAP_AT, gap);
            meter.take(new Descriptor().load(bytes, 0));
        }
    }

    @Test
    void shouldJudgeNothingOfTheWarmUp() {
        hostNs = BEGIN - 2_010 * MS;
        for (int i = 0; i < 20; i++) {
            item(1, i == 7 ? 5 : 0, 100); // a cold device drags
        }
        for (int i = 0; i < 101; i++) {
            item(1, 0, 10);
        }
        var figures = meter.figures();
        assertThat(figures.measuredHz()).isCloseTo(100, within(1e-9));
        assertThat(figures.p99Ms()).isCloseTo(10, within(1e-9));
        assertThat(figures.warmHz()).isCloseTo(10, within(1e-9));
        assertThat(figures.warmItems()).isEqualTo(20);
        assertThat(figures.warmMissing()).isEqualTo(5);
        assertThat(figures.missing()).isZero();
        assertThat(figures.bytesPerS()).isCloseTo(6400, within(1e-6));
    }

    @Test
    void shouldTellIntervalsLossesAndBreaks() {
        item(1, 0, 10);
        for (int i = 1; i <= 99; i++) {
            item(1, 0, i > 94 ? 20 : 10);
        }
        item(1, 3, 40);
        assertThat(meter.figures().p50Ms()).isEqualTo(10);
        assertThat(meter.figures().p95Ms()).isEqualTo(20);
        assertThat(meter.figures().p99Ms()).isEqualTo(20);
        assertThat(meter.figures().mostMs()).isEqualTo(40);
        assertThat(meter.figures().missing()).isEqualTo(3);

        item(2, 0, 5_000);
        assertThat(meter.figures().breaks()).isEqualTo(1);
        assertThat(meter.figures().mostMs()).as("a break is no interval").isEqualTo(40);
    }

    @Test
    void shouldNotBlameTheSourceForWhatTheProbeItselfMissed() {
        item(1, 0, 10);
        item(1, 0, 10);
        sequence += 50;
        item(1, 0, 510);
        assertThat(meter.figures().missing()).isZero();
        assertThat(meter.figures().mostMs()).isEqualTo(10);
        assertThat(meter.figures().measuredHz()).isEqualTo(100);
    }

    @Test
    void shouldHaveNoFiguresOfNothing() {
        assertThat(meter.figures()).isEqualTo(new ProbeMeter.Figures(0, null, null, null, null, null, 0, 0, null, 0,
                null, 0));
    }
}
