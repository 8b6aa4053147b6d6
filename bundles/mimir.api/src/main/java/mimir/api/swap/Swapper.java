// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces a driver, host and fragment together, while everything else runs. Thread-safe; one swap at a time; blocks.
 */
@ProviderType
public interface Swapper {
    /**
     * Stop, update host and fragment, refresh, wait, start, wait for the first good item of each source that was
     * running.
     *
     * @param name symbolic name of the driver bundle
     * @param files jars of the host, its fragment or both, or one folder that holds them, matched by symbolic name;
     * empty: the same bytes again
     * @return what happened, also when it failed half-way
     * @throws mimir.api.BadInputException for an unknown name or files that do not belong to the driver; nothing was
     * touched then
     */
    Swapped swap(String name, List<Path> files);

    /** Sources that will stop when this bundle is swapped. */
    List<String> sourcesOf(String name);

    /** Names that can be swapped. */
    List<String> names();

    /** Swaps since the start, oldest first; the newest thousand. */
    List<Swapped> history();
}
