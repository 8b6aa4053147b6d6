// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
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
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

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
        long at = writer.claim();
        var memory = writer.memory();
        for (int word = 2; word < Observer.WORDS; word++) {
            memory.set(LONG, at + 8 * word, Observer.word(sequence, word));
        }
        writer.descriptor().sequence(sequence).hostTimeNs(timeNs).shape(1, 1, 1, 8 * Observer.WORDS);
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
        long sequence = lease.descriptor().sequence();
        long timeNs = lease.descriptor().hostTimeNs();
        long sum = sum(lease.memory(), lease.offset());
        if (lease.release()) {
            observer.take(sequence, timeNs, sum);
        }
        return 1;
    }

    private static long sum(MemorySegment memory, long at) {
        return memory.get(LONG, at + 16) + memory.get(LONG, at + 24) + memory.get(LONG, at + 32)
                + memory.get(LONG, at + 40) + memory.get(LONG, at + 48) + memory.get(LONG, at + 56);
    }

    @Override
    public void close() {
        readers.forEach(RingReader::close);
        ring.close();
    }
}
