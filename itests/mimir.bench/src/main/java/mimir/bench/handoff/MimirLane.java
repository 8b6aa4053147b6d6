// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.util.ArrayList;
import java.util.List;
import mimir.bench.EventRing;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.RingWriter;
import mimir.ring.Start;
import mimir.ring.Waiting;

/** Our ring of events. Single-writer, any readers. */
public final class MimirLane implements Lane {
    /** Words 2 to 7 stand in the descriptor; sequence and time are its own. */
    private static final long INLINE = 8 * (Observer.WORDS - 2);
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final EventRing ring = new EventRing("bench.events");
    private final List<RingReader> readers = new ArrayList<>();
    private final Profile profile;
    private final boolean yielding;

    /** For readers of this profile. */
    public MimirLane(Profile profile, boolean yielding) {
        this.profile = profile;
        this.yielding = yielding;
    }

    @Override
    public Sender sender() {
        var writer = ring.owner().writer();
        if (profile == Profile.LOSSLESS) {
            return (sequence, timeNs) -> {
                awaitRoom(writer);
                publish(writer, sequence, timeNs);
            };
        }
        return (sequence, timeNs) -> publish(writer, sequence, timeNs);
    }

    /** Waits for lossless readers. */
    public static void awaitRoom(RingWriter writer) {
        if (!writer.awaitRoom(PATIENCE_NS)) {
            throw new IllegalStateException("the readers left no room for " + PATIENCE_NS / 1_000_000_000 + " s");
        }
    }

    /** Writes one event and publishes it. */
    public static void publish(RingWriter writer, long sequence, long timeNs) {
        fill(writer, sequence, timeNs);
        writer.commit();
    }

    /** Writes one event, to be committed or staged. */
    public static void fill(RingWriter writer, long sequence, long timeNs) {
        writer.claimInline();
        var event = writer.descriptor();
        for (int word = 2; word < Observer.WORDS; word++) {
            event.inline(word - 2, Observer.word(sequence, word));
        }
        event.sequence(sequence).hostTimeNs(timeNs).shape(1, 1, 1, INLINE);
    }

    @Override
    public Receiver receiver() {
        var reader = ring.owner().ring().reader("bench", profile, Start.NOW, yielding ? Waiting.YIELD : Waiting.SPIN);
        readers.add(reader);
        return observer -> poll(reader, observer);
    }

    /** Takes one event, if there is one. */
    public static int poll(RingReader reader, Observer observer) {
        var lease = reader.next();
        if (lease == null) {
            return 0;
        }
        var event = lease.descriptor();
        long sequence = event.sequence();
        long timeNs = event.hostTimeNs();
        long sum = event.inline(0) + event.inline(1) + event.inline(2) + event.inline(3) + event.inline(4)
                + event.inline(5);
        if (lease.release()) {
            observer.take(sequence, timeNs, sum);
        }
        return 1;
    }

    @Override
    public void close() {
        readers.forEach(RingReader::close);
        ring.close();
    }
}
