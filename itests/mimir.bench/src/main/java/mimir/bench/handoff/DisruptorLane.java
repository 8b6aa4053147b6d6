// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;

/** Disruptor with its pollers, its fastest way (3 % before the batch processor). Single-writer, any readers. */
final class DisruptorLane implements Lane {
    private final RingBuffer<long[]> ring;

    DisruptorLane(boolean yielding) {
        ring = RingBuffer.createSingleProducer(() -> new long[Observer.WORDS], CAPACITY,
                yielding ? new YieldingWaitStrategy() : new BusySpinWaitStrategy());
    }

    @Override
    public Sender sender() {
        return (sequence, timeNs) -> {
            long at = ring.next();
            var event = ring.get(at);
            event[0] = sequence;
            event[1] = timeNs;
            for (int word = 2; word < Observer.WORDS; word++) {
                event[word] = Observer.word(sequence, word);
            }
            ring.publish(at);
        };
    }

    @Override
    public Receiver receiver() {
        var poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
        return new Polling(poller);
    }

    @Override
    public void close() {
        ring.getCursor();
    }

    /** Confined to the receiving thread. */
    private static final class Polling implements Receiver, EventPoller.Handler<long[]> {
        private final EventPoller<long[]> poller;
        private Observer observer;
        private int seen;

        Polling(EventPoller<long[]> poller) {
            this.poller = poller;
        }

        @Override
        public int poll(Observer to) {
            observer = to;
            seen = 0;
            try {
                poller.poll(this);
            } catch (Exception e) {
                throw new IllegalStateException("an event could not be taken from the Disruptor", e);
            }
            return seen;
        }

        @Override
        public boolean onEvent(long[] event, long at, boolean last) {
            seen++;
            observer.take(event[0], event[1], event[2] + event[3] + event[4] + event[5] + event[6] + event[7]);
            return true;
        }
    }
}
