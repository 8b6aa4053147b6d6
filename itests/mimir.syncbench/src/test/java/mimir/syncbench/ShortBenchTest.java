// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short form of {@code ./mimir sync-bench}: few runs, soon over, same goals, same allowance of a quarter. */
class ShortBenchTest {
    private static final double GATE = 1.25;
    private static final int RUNS = 3;

    @Test
    void shouldMapAudioToMicroseconds() {
        var study = study("a1", 150, 20);
        assertThat(p99Us(study)).isLessThan(GATE * 2);
        assertThat(study.errors[0].max() / 1e3).isLessThan(GATE * 6);
        assertThat(study.coverage.at(10).errors().max() / 1e3).isLessThan(GATE * 2.5);
        assertThat(study.falseSteps()).isZero();
        assertThat(p99Us(study) / (study.errors[1].quantile(0.99) / 1e3)).as("beside a DLL").isLessThan(1);
        holds(study, 18);
    }

    @Test
    void shouldFindALostBlock() {
        var study = study("a5", 80, 1);
        assertThat(study.foundS()).isLessThan(GATE * 0.110);
        assertThat(study.falseSteps()).isZero();
    }

    @Test
    void shouldFindAJumpAtOnce() {
        var study = study("a4", 80, 1);
        assertThat(study.foundItems()).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldMapACameraOnAGrid() {
        var study = study("b1", 300, 60);
        assertThat(p99Us(study)).isLessThan(GATE * 30);
        holds(study, 54);
    }

    @Test
    void shouldSayWhatAnUnsweptGridHides() {
        holds(study("c1", 120, 60), 54);
    }

    @Test
    void shouldSayWhatJitterBeforeAGridHides() {
        var study = study("b4", 300, 60);
        assertThat(p99Us(study)).isLessThan(GATE * 40);
        assertThat(study.falseSteps() + study.coverage.falseSteps()).isZero();
        holds(study, 54);
    }

    @Test
    void shouldFindACameraThatBeganAnew() {
        var study = study("b3", 400, 1);
        assertThat(study.foundS()).isLessThan(GATE * 0.3);
        assertThat(p99Us(study)).isLessThan(GATE * 60);
    }

    private static Study study(String name, double seconds, int starts) {
        var whole = Scenarios.builtIn(name);
        var scenario = whole.scaled(seconds / whole.seconds(), seconds, whole.driftPpm(), whole.driftSpreadPpm());
        return new Study(scenario, RUNS, starts, Goals.settledS(scenario), Goals.blindS(scenario));
    }

    private static double p99Us(Study study) {
        return study.errors[0].quantile(0.99) / 1e3;
    }

    private static void holds(Study study, int least) {
        assertThat(study.coverage.instants()).allSatisfy(at -> assertThat(at.covered()).as("after %s s", at.s())
                .isGreaterThanOrEqualTo(least));
    }
}
