// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.broadcast.BroadcastBufferDescriptor;
import org.agrona.concurrent.broadcast.BroadcastReceiver;
import org.agrona.concurrent.broadcast.BroadcastTransmitter;

/** Agrona's broadcast: never waits for anybody, loses, and does not say how much. Single-writer, any readers. */
final class AgronaBroadcastLane implements Lane {
    private static final int TYPE = 1;
    private static final int BYTES = 8 * Observer.WORDS;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(
            CAPACITY * 128 + BroadcastBufferDescriptor.TRAILER_LENGTH));

    @Override
    public Sender sender() {
        var transmitter = new BroadcastTransmitter(memory);
        var event = new UnsafeBuffer(ByteBuffer.allocateDirect(BYTES));
        return (sequence, timeNs) -> {
            event.putLong(0, sequence);
            event.putLong(8, timeNs);
            for (int word = 2; word < Observer.WORDS; word++) {
                event.putLong(8 * word, Observer.word(sequence, word));
            }
            transmitter.transmit(TYPE, event, 0, BYTES);
        };
    }

    @Override
    public Receiver receiver() {
        var receiver = new BroadcastReceiver(memory);
        return observer -> {
            if (!receiver.receiveNext()) {
                return 0;
            }
            var buffer = receiver.buffer();
            int at = receiver.offset();
            long sequence = buffer.getLong(at);
            long timeNs = buffer.getLong(at + 8);
            long sum = buffer.getLong(at + 16) + buffer.getLong(at + 24) + buffer.getLong(at + 32)
                    + buffer.getLong(at + 40) + buffer.getLong(at + 48) + buffer.getLong(at + 56);
            if (receiver.validate()) {
                observer.take(sequence, timeNs, sum);
            }
            return 1;
        };
    }

    @Override
    public void close() {
        memory.wrap(0, 0);
    }
}
