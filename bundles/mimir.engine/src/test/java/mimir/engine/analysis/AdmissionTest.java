// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import mimir.engine.analysis.Admission.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is admitted, and who is set apart. */
class AdmissionTest {
    private static final long MS = 1_000_000;
    private static final long FRAME_MS = 17;

    private long nowMs;

    /** Looks at items until there is something to do; returns how many there were, or -1 when there never is. */
    private int until(Verdict wanted, Admission admission, boolean inTime, long tookMs) {
        for (int item = 1; item <= 5_000; item++) {
            nowMs += Math.max(FRAME_MS, tookMs);
            var verdict = admission.judge(inTime, tookMs * MS, nowMs * MS);
            if (verdict != Verdict.STAY) {
                assertThat(verdict).isEqualTo(wanted);
                return item;
            }
        }
        return -1;
    }

    @Test
    void shouldAdmitWhoMeetsItsDeadlinesForHalfASecond() {
        var admission = new Admission(10 * MS);
        assertThat(until(Verdict.ADMIT, admission, true, 1)).isEqualTo(31);
        assertThat(admission.isOver()).isTrue();
        assertThat(admission.isDemoted()).isFalse();
        assertThat(until(Verdict.STAY, admission, true, 1)).isEqualTo(-1);
        assertThat(until(Verdict.STAY, admission, false, 1)).as("late by the fault of others").isEqualTo(-1);
    }

    @Test
    void shouldAdmitWhoIsLateByTheFaultOfOthersAfterAWhile() {
        assertThat(until(Verdict.ADMIT, new Admission(10 * MS), false, 5)).isBetween(1_170, 1_180);
    }

    @Test
    void shouldForgiveAColdStart() {
        var admission = new Admission(10 * MS);
        for (long tookMs : new long[] {500, 500, 20, 20, 20, 15}) {
            nowMs += tookMs;
            assertThat(admission.judge(false, tookMs * MS, nowMs * MS)).isEqualTo(Verdict.STAY);
        }
        assertThat(until(Verdict.ADMIT, admission, true, 1)).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"10, 900, 3", "10, 30, 67", "3600000, 900, 3", "3600000, 101, 20"})
    void shouldSetApartWhoTakesLongWhateverItDeclares(long budgetMs, long tookMs, int items) {
        var fresh = new Admission(budgetMs * MS);
        assertThat(until(Verdict.DEMOTE, fresh, false, tookMs)).isEqualTo(items);
        var admitted = new Admission(budgetMs * MS);
        until(Verdict.ADMIT, admitted, true, 1);
        assertThat(until(Verdict.DEMOTE, admitted, true, tookMs)).as("also later").isEqualTo(items);
        assertThat(admitted.isDemoted()).isTrue();
    }

    @Test
    void shouldSetApartWhoTakesLongEveryOtherTime() {
        var admission = new Admission(20 * MS);
        until(Verdict.ADMIT, admission, true, 1);
        var verdict = Verdict.STAY;
        for (int item = 0; item < 100 && verdict == Verdict.STAY; item++) {
            nowMs += 100;
            verdict = admission.judge(true, (item % 2 == 0 ? 90 : 1) * MS, nowMs * MS);
        }
        assertThat(verdict).isEqualTo(Verdict.DEMOTE);
    }

    @Test
    void shouldTakeBackWhoIsShortAgainAndNobodyElse() {
        var admission = new Admission(10 * MS);
        until(Verdict.DEMOTE, admission, false, 900);
        assertThat(until(Verdict.STAY, admission, true, 20)).as("in time, for nobody else is there").isEqualTo(-1);
        assertThat(until(Verdict.STAY, admission, false, 1)).isEqualTo(-1);
        assertThat(until(Verdict.ADMIT, admission, true, 1)).isBetween(16, 32);
        assertThat(admission.isDemoted()).isFalse();
    }
}
