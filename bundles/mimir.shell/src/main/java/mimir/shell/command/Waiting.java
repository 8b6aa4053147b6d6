// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

/**
 * The thread of a command that waits for something which an interrupt of the person before it gives up, and nothing
 * else with it. One for each session. Thread-safe.
 */
public final class Waiting {
    private Thread thread;   // guarded by this; null while nothing is waited for
    private boolean givenUp; // guarded by this

    /** The calling thread waits from now on. */
    synchronized void begin() {
        thread = Thread.currentThread();
        givenUp = false;
    }

    /** It does not any more; an interrupt that came too late is forgotten. */
    synchronized void end() {
        thread = null;
        if (givenUp) {
            Thread.interrupted();
        }
    }

    /** Gives up what is waited for. False when that is nothing. Any thread. */
    public synchronized boolean giveUp() {
        boolean waits = thread != null;
        if (waits) {
            givenUp = true;
            thread.interrupt();
        }
        return waits;
    }
}
