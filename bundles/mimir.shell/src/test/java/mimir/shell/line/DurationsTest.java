// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import mimir.api.BadInputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads: confined. */
class DurationsTest {
    @ParameterizedTest
    @CsvSource({"500ms,500", "10s,10000", "2m,120000", "1h,3600000", "1.5s,1500", "366h,1317600000"})
    void shouldReadWhatPeopleType(String text, long ms) {
        assertThat(Durations.parse("--for", text)).isEqualTo(Duration.ofMillis(ms));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-3s", "0s", "0ms", "soon", "10", "", "1d", "s", "1e3s", "999999999h", "9999999999s",
        "1 s"})
    void shouldQuoteWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Durations.parse("--for", text)).isInstanceOf(BadInputException.class)
                .hasMessage("--for cannot be '" + text
                        + "': give a duration above zero and up to a year, such as 500ms, 10s, 2m or 1h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500ms", "1500ms", "10s", "90s", "2m", "1h", "36h"})
    void shouldShowWhatItReads(String text) {
        assertThat(Durations.text(Durations.parse("--for", text))).isEqualTo(text);
    }
}
