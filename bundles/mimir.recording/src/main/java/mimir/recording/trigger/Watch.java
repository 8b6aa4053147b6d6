// SPDX-License-Identifier: Apache-2.0
package mimir.recording.trigger;

/** Waits for something to happen. Confined to the thread that looks; made by another one before. */
interface Watch extends AutoCloseable {
    /** Is told what happened; any number of times in a look. */
    interface Happened {
        /**
         * It happened.
         *
         * @param canonicalNs when, ns
         * @param cause what, as a person reads it
         */
        void at(long canonicalNs, String cause);
    }

    /** Looks at what came since the last look. Returns how many items these were. Does not block. */
    long look(Happened happened);

    /** Items that were gone before they could be looked at. */
    long missed();

    @Override
    void close();
}
