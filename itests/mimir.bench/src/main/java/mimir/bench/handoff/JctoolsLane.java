// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import org.jctools.queues.varhandle.SpscVarHandleArrayQueue;

/** JCTools' queue of references to pooled events, so that nothing is allocated. Single-writer, single-reader. */
final class JctoolsLane implements Lane {
    private final SpscVarHandleArrayQueue<long[]> queue = new SpscVarHandleArrayQueue<>(CAPACITY);
    /** Twice the room: no event is filled while it is still being read. */
    private final long[][] pool = new long[2 * CAPACITY][Observer.WORDS];
    private final boolean yielding;

    JctoolsLane(boolean yielding) {
        this.yielding = yielding;
    }

    @Override
    public Sender sender() {
        return (sequence, timeNs) -> {
            var event = pool[(int) sequence & 2 * CAPACITY - 1];
            event[0] = sequence;
            event[1] = timeNs;
            for (int word = 2; word < Observer.WORDS; word++) {
                event[word] = Observer.word(sequence, word);
            }
            while (!queue.offer(event)) {
                Lane.idle(yielding);
            }
        };
    }

    @Override
    public Receiver receiver() {
        return observer -> {
            var event = queue.poll();
            if (event == null) {
                return 0;
            }
            observer.take(event[0], event[1], event[2] + event[3] + event[4] + event[5] + event[6] + event[7]);
            return 1;
        };
    }

    @Override
    public void close() {
        queue.clear();
    }
}
