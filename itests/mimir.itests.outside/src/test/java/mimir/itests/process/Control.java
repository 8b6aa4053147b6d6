// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread that only measures how late this machine lets it run: what everybody was late by is not the reader's. Single
 * writer; {@link #worstMs} may be asked by any thread.
 */
public final class Control implements Runnable, AutoCloseable {
    private static final long PERIOD_NS = 1_000_000;

    private volatile boolean over;
    private volatile long worstNs;

    @Override
    public void run() {
        long last = System.nanoTime();
        while (!over) {
            LockSupport.parkNanos(PERIOD_NS);
            long now = System.nanoTime();
            worstNs = Math.max(worstNs, now - last - PERIOD_NS);
            last = now;
        }
    }

    /** The worst since it was asked last. */
    public double takeWorstMs() {
        long worst = worstNs;
        worstNs = 0;
        return worst / 1e6;
    }

    @Override
    public void close() {
        over = true;
    }
}
