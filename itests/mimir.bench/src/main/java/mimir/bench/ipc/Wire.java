// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.nio.file.Path;
import mimir.bench.handoff.Observer;

/** A mechanism that takes events from one process to another. Immutable. */
interface Wire {
    /** Longest wait in {@link Inlet#await}. */
    long PATIENCE_NS = 100_000_000;

    /** The end that sends; the other one can be made from then on. */
    Outlet outlet(Path folder, String name, Wait wait);

    /** The end that receives. */
    Inlet inlet(Path folder, String name, Wait wait);

    /** Events that may be under way in a round trip before somebody has to take some. */
    default int window() {
        return Integer.MAX_VALUE;
    }

    /** How an end waits. */
    enum Wait {
        /** It never gives its core away. */
        SPIN,
        /** It yields, for there are more threads than cores. */
        YIELD,
        /** It sleeps, as the mechanism does it best. */
        SLEEP
    }

    /** Sends. Confined to its thread. */
    interface Outlet extends AutoCloseable {
        /** Adds an event; waits while there is no room. */
        void put(long sequence, long timeNs);

        /** Whatever was put is on its way after this. */
        default void flush() {
        }

        @Override
        void close();
    }

    /** Receives. Confined to its thread. */
    interface Inlet extends AutoCloseable {
        /** Takes what is there. Returns how many events were seen; a mechanism that can only block waits for one. */
        int take(Observer observer);

        /** Waits for something to take, in the way that this end was made for. */
        void await();

        @Override
        void close();
    }
}
