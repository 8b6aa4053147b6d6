// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who may call the engine: one thread at a time, in the order of their coming. Opening a camera takes 0.15 s; of those
 * who want that only one stands in the line at a time, so that what is set of one camera waits for one at the most, and
 * not for six that were plugged in at once. Thread-safe; a thread may take a quick turn within its turn.
 */
final class Turns {
    private final Lock opening = new ReentrantLock(true);
    private final Lock all = new ReentrantLock(true);

    private final Turn quick = new Quick();
    private final Turn slow = new Slow();

    /** Ends by being closed. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    private final class Quick implements Turn {
        @Override
        public void close() {
            all.unlock();
        }
    }

    private final class Slow implements Turn {
        @Override
        public void close() {
            all.unlock();
            opening.unlock();
        }
    }

    /** Waits for a turn of a few milliseconds. */
    Turn quick() {
        all.lock();
        return quick;
    }

    /** Waits for a turn that may last as long as a camera takes to answer. Not within another one. */
    Turn slow() {
        opening.lock();
        all.lock();
        return slow;
    }
}
