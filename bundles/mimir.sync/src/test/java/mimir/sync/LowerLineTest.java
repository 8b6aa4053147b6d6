// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LowerLineTest {
    @Test
    void shouldSortAsTheJdkDoesAndLeaveTheRestAlone() {
        var chance = new Random(7);
        for (int count = 0; count <= Minima.CAPACITY; count++) {
            var values = chance.doubles(Minima.CAPACITY, -1e9, 1e9).map(x -> chance.nextInt(9) == 0 ? 5 : x).toArray();
            var expected = values.clone();
            Arrays.sort(expected, 0, count);

            LowerLine.sort(values, count);

            assertThat(values).containsExactly(expected);
        }
    }
}
