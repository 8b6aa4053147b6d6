// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

/** A long run that ends with a judgement. Confined to the thread that runs it, but for {@link #stop}. */
interface Proof {
    /** Blocks until it is over. */
    void run();

    /** It ends soon. Any thread; does not block. */
    void stop();

    Findings findings();
}
