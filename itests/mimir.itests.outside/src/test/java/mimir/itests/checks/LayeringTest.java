// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads: confined. */
class LayeringTest {
    private static final Layers LAYERS = Layers.read(Workspace.ROOT.resolve("cnf/layers.properties"));

    @Test
    void shouldFindNoOffenceInWhatWasBuilt() {
        var bundles = Workspace.jars().stream().map(BuiltBundle::read).toList();

        assertThat(bundles).hasSizeGreaterThan(11);
        assertThat(LayeringCheck.offences(LAYERS, bundles)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mimir.watch     | Export-Package         | mimir.watch;version=1 | exports mimir.watch, but only mimir.ring and
        mimir.api       | Export-Package         | mimir.api.time        | exports mimir.api.time without a version
        mimir.watch     | Import-Package         | mimir.engine          | imports mimir.engine of another room
        mimir.api       | Import-Package         | mimir.engine          | imports mimir.engine of another room
        mimir.ring      | Import-Package         | mimir.api.media       | imports mimir.api.media of another room
        mimir.ring      | Import-Package         | org.osgi.framework    | which forbidden.mimir.ring in
        mimir.reservoir | Import-Package         | javax.imageio         | which forbidden.mimir.reservoir in
        mimir.reservoir | Import-Package         | com.fasterxml.jackson.core | rules out
        mimir.engine    | Import-Package         | org.lwjgl.opengl      | imports org.lwjgl.opengl, which forbidden.*
        mimir.engine    | Import-Package         | java.net;resolution:=optional | imports java.net optionally
        mimir.engine    | Bundle-Activator       | mimir.engine.Activator | has the header Bundle-Activator
        mimir.engine    | DynamicImport-Package  | *                     | has the header DynamicImport-Package
        mimir.engine    | Require-Bundle         | mimir.api             | has the header Require-Bundle
        mimir.engine    | Bundle-ClassPath       | .                     | has the header Bundle-ClassPath
        """)
    void shouldReportAPlantedHeader(String bundle, String header, String value, String offence) {
        assertThat(LayeringCheck.offences(LAYERS, List.of(planted(bundle, header, value))))
            .singleElement().asString().startsWith(bundle).contains(offence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        mimir.engine            | lib/extra.jar                | embeds a jar
        mimir.engine            | mimir/watch/Top.class        | holds the package mimir.watch, which is not
        mimir.engine            | mimir/engine/impl/Pool.class | has a package named mimir.engine.impl
        """)
    void shouldReportPlantedContent(String bundle, String entry, String offence) {
        assertThat(LayeringCheck.offences(LAYERS, List.of(planted(bundle, "Bundle-Vendor", "Mimir", entry))))
            .singleElement().asString().startsWith(bundle).contains(offence);
    }

    @Test
    void shouldReportAFragmentWithClassesAndAPackageInTwoBundles() {
        var host = planted("mimir.driver.sim", "Bundle-Vendor", "Mimir", "mimir/driver/sim/Sim.class");
        var fragment = planted("mimir.driver.sim.native", "Fragment-Host", "mimir.driver.sim",
            "mimir/driver/sim/Sim.class");

        assertThat(LayeringCheck.offences(LAYERS, List.of(host, fragment))).containsExactly(
            "mimir.driver.sim.native is a fragment and holds classes: [mimir.driver.sim]",
            "mimir.driver.sim.native holds the package mimir.driver.sim, which is not below its own name",
            "mimir.driver.sim.native holds the package mimir.driver.sim, as mimir.driver.sim does");
    }

    private static BuiltBundle planted(String name, String header, String value, String... entries) {
        var headers = new Attributes();
        headers.putValue(header, value);
        return new BuiltBundle(name, headers, Arrays.asList(entries));
    }
}
