// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

/**
 * Strands that are ready, by deadline, those of one deadline in order of arrival: a binary heap. A strand stands in it
 * at most once. Confined: its pool guards it.
 */
final class DeadlineQueue {
    private final long[] deadlines;
    private final long[] arrivals;
    private final PooledStrand[] strands;
    private int size;
    private long arrived;

    /** For so many strands and no more. */
    DeadlineQueue(int capacity) {
        deadlines = new long[capacity];
        arrivals = new long[capacity];
        strands = new PooledStrand[capacity];
    }

    /** Puts a strand where its deadline belongs. */
    void add(PooledStrand strand, long nowNs) {
        up(size++, strand, urgency(strand, nowNs), arrived++);
    }

    /**
     * A deadline that has passed counts as now: a strand that is always late would else be the most urgent one for ever
     * and starve all others. This way each is served about when its own deadline comes.
     */
    private static long urgency(PooledStrand strand, long nowNs) {
        return Math.max(strand.deadlineNs(), nowNs);
    }

    /** Takes the most urgent one; null when there is none. */
    PooledStrand poll() {
        if (size == 0) {
            return null;
        }
        var first = strands[0];
        int last = --size;
        var moved = strands[last];
        strands[last] = null;
        if (last > 0) {
            down(0, moved, deadlines[last], arrivals[last]);
        }
        return first;
    }

    /** Looks at all deadlines again: one that stands here has become more urgent. */
    void reorder(long nowNs) {
        for (int i = 0; i < size; i++) {
            deadlines[i] = Math.min(deadlines[i], urgency(strands[i], nowNs));
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            down(i, strands[i], deadlines[i], arrivals[i]);
        }
    }

    private void up(int from, PooledStrand strand, long deadline, long arrival) {
        int at = from;
        while (at > 0) {
            int parent = (at - 1) / 2;
            if (!before(deadline, arrival, parent)) {
                break;
            }
            move(parent, at);
            at = parent;
        }
        put(at, strand, deadline, arrival);
    }

    private void down(int from, PooledStrand strand, long deadline, long arrival) {
        int at = from;
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            int right = child + 1;
            int first = right < size && before(deadlines[right], arrivals[right], child) ? right : child;
            if (before(deadline, arrival, first)) {
                break;
            }
            move(first, at);
            at = first;
        }
        put(at, strand, deadline, arrival);
    }

    private boolean before(long deadline, long arrival, int other) {
        return deadline < deadlines[other] || deadline == deadlines[other] && arrival < arrivals[other];
    }

    private void move(int from, int to) {
        put(to, strands[from], deadlines[from], arrivals[from]);
    }

    private void put(int at, PooledStrand strand, long deadline, long arrival) {
        strands[at] = strand;
        deadlines[at] = deadline;
        arrivals[at] = arrival;
    }
}
