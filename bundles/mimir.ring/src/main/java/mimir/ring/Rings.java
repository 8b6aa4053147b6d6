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
     * otherwise a new region that succeeds it. How long it lasts is the rig's to say ({@code rings.seconds}). Blocks
     * while memory is made present (about 20 ms for 40 MB).
     *
     * @param owner symbolic name of the calling bundle, shown to people
     * @throws RingException when somebody owns the identity or there is no room; the message says what to do
     */
    RingOwner open(RingSpec spec, String owner);

    /**
     * Gives the memory of a ring back that nobody owns and nobody of this process reads: it is found and listed no
     * more, and who opens its identity again gets a new ring, which readers elsewhere of the former one do not follow.
     * For rings whose identities are made up as the platform runs, or they would pile up; a ring that was parked stays.
     *
     * @return false when it stays, because somebody owns it, reads it or may still write it, or when there is none
     */
    boolean free(String identity);

    /** The ring of a source, if it was ever opened and not freed. */
    Optional<Ring> find(String identity);

    /** All rings, in order of their identities, those of sources that are gone included. */
    List<Ring> list();

    /** Why other processes cannot find these rings, in a sentence; empty when they can. */
    Optional<String> discoveryFault();
}
