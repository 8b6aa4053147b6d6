// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

/** A steady beat by spinning; who is late goes on from now, for a burst would measure the queue. Confined. */
public final class Pace {
    private final long periodNs;
    private long next;

    /** Begins now. */
    public Pace(long periodNs) {
        this.periodNs = periodNs;
        this.next = System.nanoTime() + periodNs;
    }

    /** Waits for the next beat. Returns the time then, ns. */
    public long await() {
        long now = System.nanoTime();
        while (now < next) {
            Thread.onSpinWait();
            now = System.nanoTime();
        }
        next += periodNs;
        if (next < now) {
            next = now + periodNs;
        }
        return now;
    }
}
