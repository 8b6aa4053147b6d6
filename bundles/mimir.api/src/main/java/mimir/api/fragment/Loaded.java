// SPDX-License-Identifier: Apache-2.0
package mimir.api.fragment;

/**
 * A library that was loaded, or why it was not: a bundle without one is active all the same, and whoever needs the
 * library is told. Immutable.
 *
 * @param <T> what the bundle calls the library by
 * @param library null when there is none
 * @param fault one sentence for people; null when there is a library
 */
public record Loaded<T>(T library, String fault) {

    /** The library. Throws {@link IllegalStateException} with the sentence when there is none. */
    public T get() {
        if (fault != null) {
            throw new IllegalStateException(fault);
        }
        return library;
    }
}
