// SPDX-License-Identifier: Apache-2.0
package mimir.api.rig;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Loads rigs: validates the file, configures the devices, waits for their sources. Thread-safe; blocks. */
@ProviderType
public interface Rigs {
    /** Names of the rigs that come with the platform. */
    List<String> names();

    /**
     * Reads a rig, checks it as a whole, then configures its devices; a rig with a fault configures nothing.
     *
     * @param nameOrFile name of a rig that comes with the platform, or path of a JSON file
     * @param variables values for {@code ${name}} in the rig's text: {@code data} for a folder of recordings;
     * one that the rig does not have is refused
     * @return the rig
     * @throws mimir.api.BadInputException with one sentence that names the file, the place and the remedy
     */
    Rig load(String nameOrFile, Map<String, String> variables);

    /**
     * Waits until every device of the loaded rig has published its source.
     *
     * @throws IllegalStateException when one did not within {@code atMost}; the sentence says which and why
     */
    void awaitSources(Duration atMost);

    /** The rig that is loaded, whether its sources are there or not; empty when none is. Does not block. */
    Optional<Rig> current();

    /**
     * Takes the devices of the loaded rig away and waits until their sources are gone and their rings have ended. Does
     * nothing when none is loaded.
     */
    void unload(Duration atMost);

    /**
     * A loaded rig. Immutable.
     *
     * @param name its name
     * @param sources identities of the sources that its devices publish
     */
    record Rig(String name, List<String> sources) {
    }
}
