// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
        assertThat(suggest("export", "--last", "5s", "-").words()).containsExactly("--window", "--to", "--source",
                "--cancel", "--json");
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

    /** The command of another bundle. */
    private static final class Usb extends FakeServices {
        @Override
        public <T> List<Map<String, Object>> properties(Class<T> type) {
            return List.of(Map.of("osgi.command.scope", "mimir", "osgi.command.function", "usb",
                    "mimir.command.summary", "what is plugged in", "mimir.command.options", "--json=for programs"),
                    Map.of("osgi.command.scope", "gogo", "osgi.command.function", "cat"),
                    Map.of("osgi.command.scope", "mimir", "osgi.command.function", "secret"));
        }
    }

    @Test
    void shouldKnowWhatOtherBundlesTellOfTheirCommands() {
        var commands = new Commands(new Usb());
        var others = new Completion(commands::known);
        assertThat(others.suggest(List.of("")).words()).contains("usb", "mimir:usb").doesNotContain("cat", "secret");
        assertThat(others.suggest(List.of("usb", "-")).words()).containsExactly("--json");
        var help = commands.all().stream().filter(one -> one.syntax().name().equals("help")).findFirst().orElseThrow();
        assertThat(help.run(help.syntax().parse(List.of("usb")), line -> { }).text()).startsWith(
                "usb [--json]\n    what is plugged in\n").contains("for programs");
        assertThat(help.run(help.syntax().parse(List.of()), line -> { }).text()).contains("usb        what is plugged");
    }

    private Completion.Suggestion suggest(String... words) {
        return completion.suggest(List.of(words));
    }
}
