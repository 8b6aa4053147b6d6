// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every trial runs and measures what the goals ask it for; the figures of so short a run mean nothing. */
@Tag("thorough")
class SuitesTest {
    @ParameterizedTest(name = "{0}/{1}")
    @MethodSource("trials")
    void shouldMeasureWhatTheGoalsAskFor(String suite, String trial) throws Exception {
        var results = new Results();

        Suites.find(suite, trial).trial().get().run(Scale.SMOKE, results);

        assertThat(results.figures()).isNotEmpty();
        assertThat(results.figures().keySet()).containsAll(Goals.all().stream()
                .filter(goal -> goal.suite().equals(suite))
                .flatMap(goal -> goal.figures().stream()).filter(figure -> trial.equals(figure.trial()))
                .map(Figure::name).toList());
    }

    static Object[][] trials() {
        return Suites.of(null).stream().map(each -> new Object[] {each.suite(), each.name()}).toArray(Object[][]::new);
    }
}
