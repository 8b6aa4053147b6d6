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
     * meanwhile. Any thread; allocates nothing, does not block.
     *
     * @param deadlineNs host time by which it should be done, ns
     */
    void ready(long deadlineNs);

    /** Its account. Allocates. */
    StrandStats stats();

    /**
     * No run begins after this; waits for one that goes on, interrupting it. Control thread; blocks.
     *
     * @return false when it did not end in time: its thread is given up, listed as stuck, and what the job uses must
     * not be freed
     */
    boolean close(Duration atMost);
}
