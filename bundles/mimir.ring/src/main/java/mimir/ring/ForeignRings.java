// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rings of other processes of this user: what runs, and how to read it in place. Thread-safe; all methods read
 * files.
 */
public final class ForeignRings {
    private final Path folder;

    /** In the folder where platforms of this user publish: see {@link #folder}. */
    public ForeignRings() {
        this(Manifests.usual());
    }

    /** In another folder, as a platform was told to use with {@code mimir.manifests}. */
    public ForeignRings(Path folder) {
        this.folder = folder;
    }

    /**
     * Where manifests are looked for: the system property {@code mimir.manifests}, else the environment variable
     * {@code MIMIR_MANIFESTS}, else {@code $XDG_RUNTIME_DIR/mimir}, else {@code mimir-UID} in {@code TMPDIR} or the
     * temporary folder.
     */
    public Path folder() {
        return folder;
    }

    /**
     * What can be read now, in order of identities; several platforms may publish the same one. Rings that vanish
     * meanwhile are left out.
     */
    public List<RingStats> list() {
        return Manifests.read(folder).stream().flatMap(found -> ForeignRing.glance(found).stream()).toList();
    }

    /** Identities that are published, in order, each once: those too that cannot be read, as {@link #open} says. */
    public List<String> names() {
        return Manifests.read(folder).stream().map(found -> found.manifest().identity()).distinct().toList();
    }

    /**
     * Attaches to the ring of a source; of several with that identity to the youngest whose writer lives.
     *
     * @throws RingException when there is none, with the names that there are, or when it cannot be read
     */
    public ForeignRing open(String identity) {
        var all = Manifests.read(folder);
        var candidates = all.stream().filter(found -> found.manifest().identity().equals(identity)).toList();
        RingException refused = null;
        for (var found : candidates) {
            try {
                return new ForeignRing(found);
            } catch (RingException e) {
                refused = e; // it may have ended between the look and this; another platform may have it as well
            }
        }
        if (refused != null) {
            throw refused;
        }
        throw new RingException(all.isEmpty()
                ? "no ring of this user is published in " + folder + "; start a platform first, such as ./mimir run"
                : "there is no ring '" + identity + "'; there are " + all.stream()
                        .map(found -> found.manifest().identity()).distinct().collect(Collectors.joining(", ")));
    }
}
