// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Work that is done piece by piece, one piece at a time, by whichever thread of its pool is free; each piece sees what
 * the one before it wrote. Thread-safe.
 */
@ProviderType
public interface Strand {
    /**
     * There is something to do. The job runs at least once after this call, however many such calls there are
     * meanwhile, and by the earliest of their deadlines; it sees what the callers wrote before. Nothing happens after
     * {@link #close}. Any thread; allocates nothing, takes no lock, does not block.
     *
     * @param deadlineNs host time by which it should be done, ns; {@link Long#MAX_VALUE} for none
     */
    void ready(long deadlineNs);

    /**
     * Ends the trial of a strand, or takes {@link #demote} back: from the end of the run in hand, or of the next one,
     * it runs in the pool of its class. Nothing happens when it is there. Any thread; allocates nothing, takes no lock,
     * does not block.
     */
    void admit();

    /**
     * Keeps a strand from holding up others: from the end of the run in hand, or of the next one, it runs with those of
     * its class that take long, on threads of their own. {@link #admit} brings it back. Any thread; as {@link #admit}.
     */
    void demote();

    /** Its account. Allocates. */
    StrandStats stats();

    /**
     * No run begins after this; waits for one that goes on, interrupting it. Control thread; blocks. In its own run it
     * does not wait and gives false: the strand is closed when that run ends.
     *
     * @return false when it did not end in time: its thread is given up, listed as stuck, and what the job uses must
     * not be freed before another call gives true
     */
    boolean close(Duration atMost);
}
