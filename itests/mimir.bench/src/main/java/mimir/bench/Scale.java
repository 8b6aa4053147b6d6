// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

/** How much is done: the whole, or just enough to see that a trial works. Immutable. */
public enum Scale {
    /** For figures. */
    WHOLE,
    /** For a look whether all of it runs; its figures mean nothing. */
    SMOKE;

    private static final int LESS = 500;

    /** {@code whole} or a small part of it. */
    public int of(int whole) {
        return this == WHOLE ? whole : Math.max(20, whole / LESS);
    }
}
