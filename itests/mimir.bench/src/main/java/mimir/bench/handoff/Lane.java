// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

/** A mechanism that hands 64-byte events from one thread to others. Its ends are confined to their threads. */
public interface Lane extends AutoCloseable {
    /** Room in events, for every mechanism. */
    int CAPACITY = 4096;

    /** The one end that sends. */
    Sender sender();

    /** One of the ends that receive; call it before anything is sent. */
    Receiver receiver();

    @Override
    void close();

    /** Sends. */
    interface Sender {
        /** Hands one event over; waits while there is no room, in a mechanism that loses nothing. */
        void send(long sequence, long timeNs);
    }

    /** Receives. */
    interface Receiver {
        /** Takes what is there. Returns how many events were seen; 0 when there was none. */
        int poll(Observer observer);
    }

    /** Makes a lane. */
    @FunctionalInterface
    interface Maker {
        /**
         * For so many receivers; {@code yielding}: who waits gives the core away, for there are more threads than
         * cores.
         */
        Lane make(int receivers, boolean yielding);
    }

    /** What to do while there is nothing to do. */
    static void idle(boolean yielding) {
        if (yielding) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }
}
