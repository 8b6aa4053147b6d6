// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

/**
 * Sees every event that arrives. Confined to the receiving thread; one implementation per JVM, so that it is inlined.
 */
public interface Observer {
    /** Words of an event: the first is the sequence, the second the time, the rest are made of them. */
    int WORDS = 8;

    /** What word {@code index} of an event must be; all are read, so that no mechanism may leave any behind. */
    static long word(long sequence, int index) {
        return sequence + index;
    }

    /**
     * All eight words were read.
     *
     * @param sum of words 2 to 7
     */
    void take(long sequence, long timeNs, long sum);

    /** {@code sum} of an event that is whole. */
    static long sum(long sequence) {
        return 6 * sequence + 2 + 3 + 4 + 5 + 6 + 7;
    }
}
