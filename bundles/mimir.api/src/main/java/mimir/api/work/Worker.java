// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** One thread made by the engine. Thread-safe. */
@ProviderType
public interface Worker {
    /** Name of the thread; the tools of the system show it as {@code mimir-NAME}, shortened to 15 bytes. */
    String name();

    /** True once somebody asked the worker to stop; tasks look at it between items. */
    boolean stopping();

    /** Counts items handled, for cost per item. The worker's own thread; realtime safe. */
    void count(long items);

    /**
     * Sleeps for at most {@code ns}, shorter when {@link #wake}d or stopping. The worker's own thread; allocates
     * nothing.
     */
    void pause(long ns);

    /** Ends a {@link #pause}. Any thread. */
    void wake();

    /**
     * Asks the task to stop, wakes it and waits for its end. Control thread; blocks.
     *
     * @return false when it did not end in time; the thread is then listed as stuck, and its memory must not be freed
     */
    boolean stop(Duration atMost);
}
