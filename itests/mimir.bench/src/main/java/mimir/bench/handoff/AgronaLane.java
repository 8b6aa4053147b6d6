// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's one-to-one ring buffer, written in place. Single-writer, single-reader. */
final class AgronaLane implements Lane {
    private static final int TYPE = 1;
    private static final int BYTES = 8 * Observer.WORDS;
    private static final int BATCH = 256;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(ByteBuffer.allocateDirect(
            CAPACITY * 128 + RingBufferDescriptor.TRAILER_LENGTH)));
    private final boolean yielding;

    AgronaLane(boolean yielding) {
        this.yielding = yielding;
    }

    @Override
    public Sender sender() {
        return (sequence, timeNs) -> {
            int at = ring.tryClaim(TYPE, BYTES);
            while (at < 0) {
                Lane.idle(yielding);
                at = ring.tryClaim(TYPE, BYTES);
            }
            var buffer = ring.buffer();
            buffer.putLong(at, sequence);
            buffer.putLong(at + 8, timeNs);
            for (int word = 2; word < Observer.WORDS; word++) {
                buffer.putLong(at + 8 * word, Observer.word(sequence, word));
            }
            ring.commit(at);
        };
    }

    @Override
    public Receiver receiver() {
        return observer -> ring.read((type, buffer, at, length) -> take(buffer, at, observer), BATCH);
    }

    static void take(DirectBuffer buffer, int at, Observer observer) {
        observer.take(buffer.getLong(at), buffer.getLong(at + 8), buffer.getLong(at + 16) + buffer.getLong(at + 24)
                + buffer.getLong(at + 32) + buffer.getLong(at + 40) + buffer.getLong(at + 48) + buffer.getLong(at
                        + 56));
    }

    @Override
    public void close() {
        ring.unblock();
    }
}
