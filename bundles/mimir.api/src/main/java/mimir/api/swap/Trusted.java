// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

/**
 * What may come in besides what Mimir shipped with. Immutable.
 *
 * @param kind one jar, or all that one signer signs
 * @param sha256 of the jar, or of the signer's certificate (DER); 64 digits in lower case
 * @param name of the file that it was, or of the signer; for people
 */
public record Trusted(Kind kind, String sha256, String name) {

    /** What is trusted. */
    public enum Kind {
        /** One jar, by the hash of its bytes. */
        HASH,
        /** Every jar of which each entry is signed with one certificate. */
        SIGNER
    }
}
