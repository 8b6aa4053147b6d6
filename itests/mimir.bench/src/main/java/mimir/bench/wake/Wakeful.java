// SPDX-License-Identifier: Apache-2.0
package mimir.bench.wake;

/** A mechanism with one thread that publishes and some that wait for it. {@link #publish} belongs to one thread. */
interface Wakeful extends AutoCloseable {
    /** Publishes one event to all. */
    void publish(long sequence);

    /** One more that waits; before the first is published. */
    Receiver receiver();

    @Override
    void close();

    /** Confined to its thread, but for {@link #end}. */
    interface Receiver {
        /** Waits for something new, at most a tenth of a second, and takes all of it. */
        void await();

        /** Ends {@link #await}. Any thread. */
        void end();
    }

    /** Makes one. */
    @FunctionalInterface
    interface Maker {
        /** With nobody waiting yet. */
        Wakeful make();
    }
}
