// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a stage allocates in a second. {@link #apart} is called by the thread that runs the stage; the rest is confined
 * to the lock of the host.
 */
final class HeapUse {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long SECOND_NS = 1_000_000_000;

    private volatile long apart; // written by one thread at a time, as the next
    private volatile boolean beginning;
    private long seen;
    private long windowNs;
    private long windowBytes;
    private boolean counts;

    /** What may allocate as much as it likes. */
    interface Begin {
        /** Whatever it throws is its caller's. */
        void run() throws Exception;
    }

    void apart(Begin begin) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        beginning = true;
        try {
            begin.run();
        } finally {
            apart += THREADS.getCurrentThreadAllocatedBytes() - before;
            beginning = false;
        }
    }

    /** Forgets what came before. */
    void restart() {
        counts = false;
    }

    /**
     * Bytes per second since this second began; over a longer time where nobody has looked for longer.
     *
     * @param allocated by all runs, the one in hand included; asked for before this is called, so that a begin of which
     * it holds a part is still going on here, or is known as a whole
     */
    long perSecond(long allocated, long nowNs) {
        if (!beginning) {
            seen = Math.max(seen, allocated - apart);
        }
        long took = nowNs - windowNs;
        long rate = counts ? (long) ((seen - windowBytes) * ((double) SECOND_NS / Math.max(SECOND_NS, took))) : 0;
        if (!counts || took >= SECOND_NS) {
            counts = true;
            windowNs = nowNs;
            windowBytes = seen;
        }
        return rate;
    }
}
