// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Threads: confined. */
class ListingTest {
    private record Row(String name, Long items, Double rate, String owner) {
    }

    private static final Listing<Row> LISTING = new Listing<>(
            Column.of("NAME", "name", Row::name),
            Column.of("ITEMS", "items", Row::items),
            Column.of("RATE Hz", "rateHz", Row::rate),
            Column.bytes("MiB", "bytes", row -> row.items() * 1_048_576),
            Column.of("OWNER", "owner", Row::owner),
            Column.hidden("secret", Row::items));

    private static final List<Row> ROWS = List.of(new Row("a", 5L, 60.0, "x"), new Row("longer", 12_345L, 0.125, null));

    @Test
    void shouldAlignWordsLeftAndNumbersRight() {
        assertThat(LISTING.table(ROWS)).isEqualTo("""
                NAME    ITEMS  RATE Hz      MiB  OWNER
                a           5    60.00      5.0  x
                longer  12345     0.13  12345.0  -
                """);
    }

    @Test
    void shouldKeepEveryValueForPrograms() {
        var values = LISTING.values(ROWS).getFirst();

        assertThat(values).containsExactly(entry("name", "a"), entry("items", 5L), entry("rateHz", 60.0),
                entry("bytes", 5_242_880L), entry("owner", "x"), entry("secret", 5L));
    }

    @Test
    void shouldShowHeadersAloneWhenThereIsNothing() {
        assertThat(LISTING.table(List.of())).isEqualTo("NAME  ITEMS  RATE Hz  MiB  OWNER\n");
    }
}
