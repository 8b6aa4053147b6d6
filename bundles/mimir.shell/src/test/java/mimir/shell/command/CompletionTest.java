// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mimir.api.swap.Swapped.Outcome;
import org.junit.jupiter.api.Test;

/** Threads: confined. */
class CompletionTest {
    private final Completion completion =
            new Completion(new Commands(new FakeServices(new FakeSwapper(Outcome.SWAPPED)))::all);

    @Test
    void shouldOfferNamesWithAndWithoutScope() {
        assertThat(suggest("").words()).contains("sources", "mimir:sources", "exit");
        assertThat(suggest("sources;", "").words()).contains("rings");
        assertThat(suggest("sources", "|", "").words()).contains("rings");
    }

    @Test
    void shouldOfferOptionsNotGivenYet() {
        assertThat(suggest("export", "--last", "5s", "-").words()).containsExactly("--to", "--source", "--json");
        assertThat(suggest("mimir:sources", "").words()).containsExactly("--json");
    }

    @Test
    void shouldOfferWhatACommandKnows() {
        assertThat(suggest("swap", "").words()).containsExactly("mimir.analysis", "mimir.driver.sim",
                "mimir.driver.sim.b");
        assertThat(suggest("help", "").words()).contains("threads");
    }

    @Test
    void shouldOfferFilesWhereTheyBelong() {
        assertThat(suggest("export", "--to", "").files()).isTrue();
        assertThat(suggest("swap", "mimir.driver.sim", "").files()).isTrue();
        assertThat(suggest("report", "--to", "").files()).isTrue();
        assertThat(suggest("swap", "").files()).isFalse();
        assertThat(suggest("export", "--last", "").files()).isFalse();
    }

    private Completion.Suggestion suggest(String... words) {
        return completion.suggest(List.of(words));
    }
}
