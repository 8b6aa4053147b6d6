// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;

/** Threads: confined. */
class OwnerTableTest {
    @Test
    void shouldStandInTheDocsAsTheBuiltBundlesSayIt() throws IOException {
        var table = OwnerTable.of(Workspace.jars().stream().map(BuiltBundle::read).toList());

        assertThat(Files.readString(Workspace.ROOT.resolve("docs/native-boundary.md")))
            .as("docs/native-boundary.md holds this table:%n%s", table).contains("\n\n" + table + "\n");
    }

    @Test
    void shouldListConcernsInOrderWithTheirOwners() {
        assertThat(OwnerTable.of(List.of(bundle("b", "pixel-loop=native"),
                bundle("a", "policy=managed, names=managed"))))
            .isEqualTo("""
                | concern | owner | room |
                |---|---|---|
                | names | managed | `a` |
                | pixel loop | native | `b` |
                | policy | managed | `a` |
                """);
    }

    @Test
    void shouldRefuseABundleThatDoesNotSayWhatItOwns() {
        assertThatThrownBy(() -> OwnerTable.of(List.of(bundle("a", null))))
            .hasMessage("a has no Mimir-Owner header: say in its bnd.bnd what it owns");
        assertThatThrownBy(() -> OwnerTable.of(List.of(bundle("a", "policy=somebody"))))
            .hasMessage("a: Mimir-Owner wants concern=owner with an owner of [managed, native, external-engine], "
                + "not policy=somebody");
    }

    private static BuiltBundle bundle(String name, String owner) {
        var headers = new Attributes();
        if (owner != null) {
            headers.putValue("Mimir-Owner", owner);
        }
        return new BuiltBundle(name, headers, List.of());
    }
}
