// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.RingWriter;
import mimir.ring.Start;
import mimir.ring.Waiting;

/**
 * One ring for all states of a stress test: a state is one call of each actor, and the actors meet in the ring. One
 * thread writes, one reads, others may look at counters; the harness never runs one actor twice at once.
 */
final class Track {
    /** What an actor tells. */
    static final int NOTHING = 0;
    static final int WHOLE = 1;
    static final int TORN = 2;
    static final int WRONG = 3;

    static final long PAYLOAD = 512;

    // nobody outside looks at this ring, and its items may be kept
    private final RingStore store = RingStore.unseen(Map.of("deep", new String[] {"track"}));
    private final int kind;
    private RingOwner owner;
    private RingWriter writer;
    private long sequence;

    /** Frames: 64 slots. */
    Track() {
        this(1);
    }

    private Track(int kind) {
        this.kind = kind;
        begin();
    }

    /** Events: 4,096 slots, and LOSSLESS readers. */
    static Track ofEvents() {
        return new Track(3);
    }

    private RingOwner open() {
        var format = new RingFormat(1, 0, 16, 16, 60, 1, List.of(0L), List.of(16), PAYLOAD, 0);
        return store.open(new RingSpec("track", kind, 60, PAYLOAD, format, RingSpec.Writer.JAVA), "stress");
    }

    RingReader reader(Profile profile) {
        var start = profile == Profile.LOSSLESS ? Start.NOW : Start.OLDEST; // a promise from its first item on
        return owner.ring().reader("stress", profile, start, Waiting.SPIN);
    }

    /** The writer's: publishes an item whose every word is its number. */
    long write() {
        stage();
        writer.publish();
        return sequence++;
    }

    /** The writer's: publishes up to so many at once, as long as no LOSSLESS reader would lose one. */
    void writeWhatFits(int items) {
        for (int i = 0; i < items && writer.awaitRoom(0); i++) {
            stage();
            sequence++;
        }
        writer.publish();
    }

    private void stage() {
        long at = writer.claim();
        for (long word = 0; word < PAYLOAD; word += Long.BYTES) {
            writer.memory().set(ValueLayout.JAVA_LONG, at + word, sequence);
        }
        writer.descriptor().sequence(sequence).shape(1, 16, 16, PAYLOAD);
        writer.stage();
    }

    /** The writer's: publishes an event that stands in its slot, every word of it its number. */
    void writeInline() {
        var payload = writer.claimInline();
        for (long word = 0; word < payload.byteSize(); word += Long.BYTES) {
            payload.set(ValueLayout.JAVA_LONG, word, sequence);
        }
        writer.descriptor().sequence(sequence).shape(1, 1, 1, payload.byteSize());
        writer.commit();
        sequence++;
    }

    /** The writer's: ends this incarnation of the source. */
    void end() {
        owner.close();
    }

    /** The writer's: begins another one in the same region. */
    void begin() {
        owner = open();
        writer = owner.writer();
    }

    /** The reader's: ends a lease and says what it was worth. */
    static int judge(Lease lease) {
        boolean same = sameWords(lease);
        if (!lease.release()) {
            return TORN;
        }
        return same ? WHOLE : WRONG;
    }

    static boolean sameWords(Lease lease) {
        return lease.length() == PAYLOAD
            && sameWords(lease.memory(), lease.offset(), lease.descriptor().sequence());
    }

    static boolean sameWords(MemorySegment memory, long offset, long expected) {
        boolean same = true;
        for (long word = 0; word < PAYLOAD; word += Long.BYTES) {
            same &= memory.get(ValueLayout.JAVA_LONG, offset + word) == expected;
        }
        return same;
    }
}
