// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import mimir.api.work.WorkClass;

/** What an operating system does for a thread. Thread-safe. */
interface ThreadPolicy {
    /** Id of the calling thread as the system knows it. */
    long currentThreadId();

    /**
     * Asks the system for the policy of a class.
     *
     * @param nativeThread true for a capture thread of a fragment, which comes before Java threads of the same class
     * @return what was asked, and why it was refused, or null when it was granted
     */
    Request apply(long tid, WorkClass workClass, boolean nativeThread);

    /** What the system says of a thread now: {@code FIFO 50}, {@code OTHER nice 0}; {@code gone} when there is none. */
    String granted(long tid);

    /** Lets timed waits of the calling thread end on time instead of up to 50 us late; false where that cannot be. */
    boolean precise();

    /**
     * Has memory made that malloc will want for the calling thread. When a collection stops a thread, the JVM walks the
     * stack of that thread in it and asks malloc for its notes; where malloc has not used a page before, the thread
     * waits for the system to make one.
     */
    void provide();

    /** The answer to one request. Immutable. */
    record Request(String asked, String refusal) {
    }
}
