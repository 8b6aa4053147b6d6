// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RotationTest {
    @Test
    void shouldFindTheWidestGapThatCountingFinds() {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            double turns = i % 3 == 0 ? 25 / 6.0 + 1e-5 * random.nextGaussian() : 10 * random.nextDouble();
            int phases = 2 + random.nextInt(400);
            assertThat(Rotation.widestGap(turns, phases)).as("%s, %s", turns, phases)
                    .isCloseTo(counted(turns, phases), within(1e-9));
        }
    }

    @Test
    void shouldLeaveASixthWhenACameraStandsStillOnItsGrid() {
        assertThat(Rotation.widestGap(1000 / 60.0 / 4, 100_000)).isCloseTo(1 / 6.0, within(1e-6));
    }

    @Test
    void shouldSeeNothingButOnePhaseWhenThePeriodIsAMultipleOfTheGrid() {
        assertThat(Rotation.widestGap(5, 1000)).isEqualTo(1);
        assertThat(Rotation.concentration(5, 24)).isEqualTo(1);
        assertThat(Rotation.concentration(25 / 6.0, 24)).isLessThan(1e-9);
    }

    private static double counted(double turns, int phases) {
        var all = new double[phases];
        for (int i = 0; i < phases; i++) {
            all[i] = i * turns - Math.floor(i * turns);
        }
        Arrays.sort(all);
        double widest = all[0] + 1 - all[phases - 1];
        for (int i = 1; i < phases; i++) {
            widest = Math.max(widest, all[i] - all[i - 1]);
        }
        return widest;
    }
}
