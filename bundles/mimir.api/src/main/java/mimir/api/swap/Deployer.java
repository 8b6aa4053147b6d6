// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Brings bundles in, by name or out of a folder that is watched: what is not there yet is installed and started, what
 * runs is swapped ({@link Swapper}). Thread-safe; control threads; blocks; allocates.
 */
@ProviderType
public interface Deployer {
    /**
     * Brings jars in; those of one host go together.
     *
     * @return one for each host, in the order of their names
     * @throws mimir.api.BadInputException when a file is no jar of a bundle, or may not come in; nothing was touched
     */
    List<Deployed> install(List<Path> files);

    /**
     * From now on watches this folder in the place of the one before. Each jar in it comes in as soon as it is whole;
     * one that cannot is moved into {@code refused/} below it, with its reason beside it.
     *
     * @param folder owned by this user and writable by nobody else; made when it is not there
     * @throws mimir.api.BadInputException when it is not such a folder
     */
    void watch(Path folder);

    /** The folder that is watched. */
    Optional<Path> folder();

    /**
     * Waits until what lay in the folder when it began to be watched is in.
     *
     * @return false when that took longer
     */
    boolean settle(Duration atMost);

    /** What came in, or should have, oldest first; the newest thousand. */
    List<Deployed> history();
}
