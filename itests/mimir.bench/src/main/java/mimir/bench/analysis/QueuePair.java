// SPDX-License-Identifier: Apache-2.0
package mimir.bench.analysis;

import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/** JCTools' queue of references to pooled events of eight words: what a hand-over costs at least. Confined. */
final class QueuePair implements Pair {
    private static final int CAPACITY = 4096;
    private static final int WORDS = 8;

    private final SpscVarHandleArrayQueue<long[]> queue = new SpscVarHandleArrayQueue<>(CAPACITY);
    private final long[][] pool = new long[CAPACITY][WORDS];

    @Override
    public void put(long number) {
        var event = pool[(int) number & CAPACITY - 1];
        for (int word = 0; word < WORDS; word++) {
            event[word] = number + word;
        }
        queue.offer(event);
    }

    @Override
    public long take(long number) {
        var event = queue.poll();
        long sum = 0;
        for (int word = 0; event != null && word < WORDS; word++) {
            sum += event[word] - word;
        }
        return event == null ? -1 : sum / WORDS;
    }

    @Override
    public void close() {
        queue.clear();
    }
}
