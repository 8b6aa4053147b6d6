// SPDX-License-Identifier: Apache-2.0
package mimir.bench.routing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mimir.bench.EventRing;
import mimir.bench.handoff.MimirLane;
import mimir.bench.handoff.Observer;
import mimir.ring.Abi;
import mimir.ring.Profile;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingWriter;
import mimir.ring.Start;
import mimir.ring.Waiting;

/** A way of items through a ring, there and back in one thread: no other core has a part in what it costs. */
enum Way {
    /** Events, one by one, to a reader that waits for nobody. */
    EVENT(Profile.EVERY) {
        @Override
        void pass(RingWriter writer, RingReader reader, long first) {
            oneByOne(writer, reader, first, false);
        }
    },
    /** Events, a group shown at once. */
    BATCH(Profile.EVERY) {
        @Override
        void pass(RingWriter writer, RingReader reader, long first) {
            for (long sequence = first; sequence < first + GROUP; sequence++) {
                MimirLane.fill(writer, sequence, sequence);
                writer.stage();
            }
            writer.publish();
            for (long sequence = first; sequence < first + GROUP; sequence++) {
                take(reader, sequence, Observer.WORDS);
            }
        }
    },
    /** Events whose writer asks its reader for room. */
    LOSSLESS(Profile.LOSSLESS) {
        @Override
        void pass(RingWriter writer, RingReader reader, long first) {
            oneByOne(writer, reader, first, true);
        }
    },
    /** Frames that lie in the ring's memory already, to a reader of the newest. */
    FRAME(Profile.LATEST) {
        @Override
        void pass(RingWriter writer, RingReader reader, long first) {
            for (long sequence = first; sequence < first + GROUP; sequence++) {
                writer.claim();
                writer.descriptor().sequence(sequence).shape(1, SIDE, SIDE, SIDE * SIDE);
                writer.commit();
                take(reader, sequence, 0);
            }
        }

        @Override
        EventRing open() {
            var format = new RingFormat(1, 0, SIDE, SIDE, 60, 1, List.of(0L), List.of(SIDE), SIDE * SIDE, 0);
            return new EventRing(Map.of("manifests", NOWHERE.toString()), new RingSpec(IDENTITY, Abi.ITEM_FRAME, 60,
                    SIDE * SIDE, format, RingSpec.Writer.JAVA));
        }
    };

    private static final String IDENTITY = "bench.routing";
    /** A folder that cannot be made: nobody outside looks at these rings. */
    private static final Path NOWHERE = Path.of("/dev/null/none");
    private static final int GROUP = 64;
    private static final int GROUPS = 128;
    private static final int ROUNDS = 8;
    private static final int SIDE = 64;
    private static final int PERCENT = 100;

    private final Profile profile;

    Way(Profile profile) {
        this.profile = profile;
    }

    /** Sends a group of items and takes all of them. */
    abstract void pass(RingWriter writer, RingReader reader, long first);

    EventRing open() {
        return new EventRing(IDENTITY, NOWHERE);
    }

    /**
     * The least time of several rounds in a ring that lies somewhere else than the one before, ns per item.
     *
     * @param burden percent of the items that go twice and count once: a planted regression
     */
    double leastNs(int burden) {
        try (var ring = open();
                var reader = ring.owner().ring().reader("bench", profile, Start.NOW, Waiting.SPIN)) {
            var writer = ring.owner().writer();
            long least = Long.MAX_VALUE;
            long sequence = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long begin = System.nanoTime();
                for (int group = GROUPS * (PERCENT + burden) / PERCENT; group > 0; group--) {
                    pass(writer, reader, sequence);
                    sequence += GROUP;
                }
                least = Math.min(least, System.nanoTime() - begin);
            }
            return (double) least / (GROUPS * GROUP);
        }
    }

    private static void oneByOne(RingWriter writer, RingReader reader, long first, boolean asks) {
        for (long sequence = first; sequence < first + GROUP; sequence++) {
            if (asks) {
                MimirLane.awaitRoom(writer);
            }
            MimirLane.publish(writer, sequence, sequence);
            take(reader, sequence, Observer.WORDS);
        }
    }

    /** Takes an item and reads its words, if it has some. */
    private static void take(RingReader reader, long sequence, int words) {
        var lease = reader.next();
        var item = lease.descriptor();
        long wrong = item.sequence() ^ sequence;
        for (int word = 2; word < words; word++) {
            wrong |= item.inline(word - 2) ^ Observer.word(sequence, word);
        }
        if (!lease.release() || wrong != 0) {
            throw new IllegalStateException("item " + sequence + " did not arrive as it was sent");
        }
    }
}
