// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What this user lets in besides the jars that Mimir shipped with; kept in the folder {@code mimir.state}, one list for
 * all instances. Thread-safe; control threads; blocks on files; allocates.
 */
@ProviderType
public interface TrustList {
    /**
     * Adds to the list; what is there already stays.
     *
     * @param fileOrHash a jar; a certificate of a signer (PEM or DER); or the SHA-256 of a jar, 64 hexadecimal digits
     * @throws mimir.api.BadInputException when it is neither, or cannot be read
     * @throws IllegalStateException when the list cannot be written
     */
    Trusted trust(String fileOrHash);

    /**
     * Takes off the list. What came in already goes on.
     *
     * @param which its name, its hash, or the first six or more digits of that
     * @throws mimir.api.BadInputException when none or more than one is meant
     * @throws IllegalStateException when the list cannot be written
     */
    Trusted forget(String which);

    /**
     * In the order in which they were added.
     *
     * @throws IllegalStateException when the list is damaged: one sentence
     */
    List<Trusted> trusted();
}
