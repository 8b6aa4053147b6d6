// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

/**
 * The five classes of work, most urgent first. What the operating system really granted to a thread is told by {@link
 * ThreadStats}. Immutable.
 */
public enum WorkClass {
    /**
     * Capture and what must keep up with it; SCHED_FIFO where that is permitted. Never steals, is never stolen from.
     */
    CRITICAL,
    /** Analysis that somebody is looking at. */
    HIGH,
    /** Ordinary analysis and indexing. */
    NORMAL,
    /** Export, model fitting, clean-up. */
    LOW,
    /** Only when nothing else wants the processor. */
    IDLE
}
