// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The ring service. Each bundle gets an instance of its own, so that the rings of a bundle that vanished can be ended
 * (never freed). Thread-safe; all methods are for control threads.
 */
@ProviderType
public interface Rings {
    /**
     * Takes ownership of a source identity: the ring of its former incarnation with the next epoch where that fits,
     * otherwise a new region that succeeds it. Blocks while memory is made present (about 20 ms for 40 MB).
     *
     * @param owner symbolic name of the calling bundle, shown to people
     * @throws RingException when somebody owns the identity or there is no room; the message says what to do
     */
    RingOwner open(RingSpec spec, String owner);

    /** The ring of a source, if it was ever opened. */
    Optional<Ring> find(String identity);

    /** All rings, in order of their identities, those of sources that are gone included. */
    List<Ring> list();

    /** Why other processes cannot find these rings, in a sentence; empty when they can. */
    Optional<String> discoveryFault();
}
