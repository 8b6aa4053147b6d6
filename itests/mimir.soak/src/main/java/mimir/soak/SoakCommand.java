// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mimir.api.rig.Rigs;
import mimir.api.swap.Swapper;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The command {@code mimir:soak}. Thread-safe; one proof at a time. */
@Component(service = SoakCommand.class, property = {"osgi.command.scope=mimir", "osgi.command.function=soak"})
public final class SoakCommand {
    private final Rigs rigs;
    private final Swapper swapper;

    /** With the services that it watches. */
    @Activate
    public SoakCommand(@Reference Rigs rigs, @Reference Swapper swapper) {
        this.rigs = rigs;
        this.swapper = swapper;
    }

    /** Runs what the words say. */
    public String soak(String... words) {
        var proof = Path.of(System.getProperty("mimir.run"), "proof", "parts");
        rigs.load("two-drivers", Map.of());
        try {
            rigs.awaitSources(Duration.ofSeconds(30));
            var text = new StringBuilder();
            for (var build : List.of("other", "usual", "other", "usual", "other", "usual")) {
                var done = swapper.swap("mimir.driver.sim", List.of(proof.resolve("mimir.driver.sim.jar"),
                        proof.resolve(build).resolve("mimir.driver.sim.native.jar")));
                text.append(build).append(' ').append(done).append('\n');
            }
            return text + String.join("|", words);
        } finally {
            rigs.unload(Duration.ofSeconds(10));
        }
    }
}
