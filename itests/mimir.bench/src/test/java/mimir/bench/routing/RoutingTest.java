// SPDX-License-Identifier: Apache-2.0
package mimir.bench.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The ring of this build beside the ring of the baseline, in one run on one machine: no way through it may have become
 * slower by more than a tenth.
 */
@Tag("thorough")
class RoutingTest {
    private static final double MOST = 1.1;
    private static final int CONTESTS = 9;
    private static final int PLANTED_CONTESTS = 3;
    private static final int PLANTED_PERCENT = 20;
    private static final int VERDICTS = 3;
    private static final int MOST_MINUTES = 5;

    @Test
    @Timeout(value = MOST_MINUTES, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldCostAtMostATenthMoreThanTheBaseline() throws IOException {
        boolean same = Baseline.isThisBuild();

        var slower = Verdict.slower(Baseline.contest(0), MOST, same ? 1 : CONTESTS, RoutingTest::tell);

        if (same) {
            tell("the ring is the baseline's, byte for byte: what differs is the measurement");
        } else {
            assertThat(slower).as("slower than cnf/baseline/mimir.ring.jar, in " + CONTESTS + " contests").isEmpty();
        }
    }

    /** In one verdict or another: a side that was disturbed through all contests of one may hide it there. */
    @Test
    @Timeout(value = MOST_MINUTES, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldFindAPlantedRegression() throws IOException {
        var found = EnumSet.noneOf(Way.class);

        for (int verdict = 0; verdict < VERDICTS && found.size() < Way.values().length; verdict++) {
            found.addAll(Verdict.slower(Baseline.contest(PLANTED_PERCENT), MOST, PLANTED_CONTESTS, RoutingTest::tell)
                    .keySet());
        }

        assertThat(found).isEqualTo(EnumSet.allOf(Way.class));
    }

    private static void tell(String line) {
        System.out.println("routing: " + line);
    }
}
