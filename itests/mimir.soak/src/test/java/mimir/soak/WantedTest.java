// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Confined. */
class WantedTest {
    private static final Path USUAL = Path.of("exports").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void shouldReadWhatWasAskedFor() {
        var file = folder.resolve("rows.json");

        assertThat(Wanted.of(List.of("swap"))).isEqualTo(new Wanted("swap", 1_000,
                Duration.ofMinutes(5), USUAL, null));
        assertThat(Wanted.of(List.of("swap", "--json", file.toString(), "--count", "30")))
                .isEqualTo(new Wanted("swap", 30, Duration.ofMinutes(5), USUAL, file));
        assertThat(Wanted.of(List.of("fire", "--for", "90s")).lasts()).isEqualTo(Duration.ofSeconds(90));
        assertThat(Wanted.of(List.of("export", "--to", folder.toString())).to()).isEqualTo(folder);
        assertThat(Wanted.of(List.of()).proof()).isNull();
        assertThat(Wanted.of(List.of("swap", "--help")).proof()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", textBlock = """
            swop => there is no proof 'swop'; there are swap, fire and export, as in ./mimir soak swap --count 100
            swap --for 3s => soak swap has no option '--for'; it has --count and --json
            fire --count 3 => soak fire has no option '--count'; it has --for and --json
            swap --count => --count cannot be '': give a number from 3 to 100000
            swap --count 2 => --count cannot be '2': give a number from 3 to 100000
            fire --for 3h => --for cannot be '3h': give a time from 1s to 24m
            fire --for 0s => --for cannot be '0s': give a time from 1s to 24m
            export --count 3 => soak export has no option '--count'; it has --to and --json
            export --to /no/such => --to cannot be '/no/such': give a folder that you may write to
            swap --json / => --json cannot be '/': give a file in a folder that you may write to
            swap --json /no/such/x => --json cannot be '/no/such/x': give a file in a folder that you may write to
            """)
    void shouldRefuseInOneSentence(String words, String sentence) {
        assertThatThrownBy(() -> Wanted.of(List.of(words.split(" ")))).isInstanceOf(BadInputException.class)
                .hasMessage(sentence);
    }
}
