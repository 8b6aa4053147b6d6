// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Replaces a driver or a bundle of analysers, host and fragment together, while everything else runs. Thread-safe; one
 * swap at a time; blocks.
 */
@ProviderType
public interface Swapper {
    /**
     * Stop, update host and fragment, refresh, wait, start, wait for the first good item of each source, and the first
     * look of each stage, that was running.
     *
     * @param name symbolic name of the bundle
     * @param files jars of the host, its fragment or both, or one folder that holds them, matched by symbolic name;
     * empty: the same bytes again
     * @param stopping told once on this thread what will stop, when every check is passed and before anything is
     * touched
     * @return what happened, also when it failed half-way; when a file changed after it was checked, that is
     * {@code REFUSED} or, once the bundle was stopped, {@code ROLLED_BACK}
     * @throws mimir.api.BadInputException for an unknown name or files that do not belong to it; nothing was
     * touched then
     */
    Swapped swap(String name, List<Path> files, Consumer<Plan> stopping);

    /** As {@link #swap(String, List, Consumer)}, and tells nobody. */
    default Swapped swap(String name, List<Path> files) {
        return swap(name, files, plan -> { });
    }

    /**
     * What {@link #swap} would do with these, all checks included. Touches nothing.
     *
     * @throws mimir.api.BadInputException as {@link #swap} does
     */
    Plan plan(String name, List<Path> files);

    /**
     * Stops one device and starts it anew with its configuration, in the next epoch; the other devices of its bundle go
     * on. Blocks until the first good item.
     *
     * @param source identity
     * @return what happened, with {@code SWAPPED} or {@code FAILED}; the bundle is that of its driver
     * @throws mimir.api.BadInputException when no device of that identity is configured
     */
    Swapped restart(String source);

    /** Names that can be swapped. */
    List<String> names();

    /** Swaps since the start, oldest first; the newest thousand. */
    List<Swapped> history();

    /**
     * The journal of swaps and restarts, those of former runs included, oldest first: each one JSON object, as in
     * docs/swap.md. Reads files; allocates.
     *
     * @throws IllegalStateException when it cannot be read; one sentence
     */
    List<String> journal();
}
