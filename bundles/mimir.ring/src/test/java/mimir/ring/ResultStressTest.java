// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/**
 * A ring of results under one thread that attaches, two that look for results by the key of their item and one that
 * reads them live: a million operations, and no result that is torn, another item's, or not found while it is there.
 */
@Timeout(120)
class ResultStressTest {
    private static final int LOOKS = 250_000; // by each of two threads
    private static final int ATTACHED = 500_000;
    private static final int SLOTS = 64;
    private static final int WORDS = 8;
    private static final long SEQUENCES = 1_000; // of an epoch

    private final AtomicLong items = new AtomicLong(); // looked at so far, with a result or without
    private final AtomicBoolean stop = new AtomicBoolean();
    private RingOwner owner;

    /** What one thread found. */
    private static final class Tally {
        long looks;
        long found;
        long absent;
        long gone;
        long overtaken;
        long foreign;
        long missed;

        @Override
        public String toString() {
            return looks + " looks: " + found + " found, " + absent + " absent, " + gone + " gone, " + overtaken
                    + " overtaken under the lease, " + foreign + " foreign or torn, " + missed + " not found";
        }
    }

    private static int epoch(long item) {
        return (int) (item / SEQUENCES) + 1;
    }

    private static long sequence(long item) {
        return item % SEQUENCES;
    }

    /** Each fifth item has no result. */
    private static boolean hasResult(long item) {
        return item % 5 != 3;
    }

    /** Results of the items before this one. */
    private static long position(long item) {
        return item - (item + 1) / 5;
    }

    private static long word(int epoch, long sequence, int word) {
        return (epoch * 1_000_003L + sequence) * 31 + word;
    }

    @Test
    void shouldNeverFindATornOrForeignResult(TestReporter reporter) throws Exception {
        var format = new RingFormat(Abi.FORMAT_ATTACHMENT, 0, 1, WORDS * 8, 6, 1, List.of(0L), List.of(WORDS * 8),
                WORDS * 8, 0);
        var spec = new RingSpec("camera/lab.test@1", Abi.ITEM_RESULT, 6, WORDS * 8, format, RingSpec.Writer.JAVA);
        assertEquals(SLOTS, spec.slotCount());
        try (var store = new RingStore(Map.of()); var threads = Executors.newFixedThreadPool(4)) {
            owner = store.open(spec, "test");
            var live = threads.submit(this::readLive);
            var looks = List.of(threads.submit(lookByKey(1)), threads.submit(lookByKey(2)));
            var attached = threads.submit(this::attachAll);
            try {
                for (var each : looks) {
                    judge(reporter, each.get());
                }
            } finally {
                stop.set(true);
            }
            assertTrue(attached.get() >= ATTACHED, attached::toString);
            judge(reporter, live.get());
            owner.close();
        }
    }

    private static void judge(TestReporter reporter, Tally tally) {
        reporter.publishEntry("result", tally.toString());
        assertEquals(0, tally.foreign, tally::toString);
        assertEquals(0, tally.missed, tally::toString);
        assertTrue(tally.found > 0, tally::toString); // those who look by key go on until they were overtaken, too
    }

    /** In bursts, so that readers meet a writer that is far ahead as well as one that stands still. */
    private long attachAll() {
        var writer = owner.writer();
        var random = new Random(3);
        long attached = 0;
        for (long item = 0; attached < ATTACHED || !stop.get(); item++) {
            if (hasResult(item)) {
                if (item % 11 == 0) {
                    writer.claim();
                    writer.abort(DropReason.ABORTED);
                }
                attach(writer, item);
                attached++;
            }
            items.setRelease(item + 1);
            if (random.nextInt(64) == 0) {
                linger(random.nextInt(5_000));
            }
        }
        return attached;
    }

    private static void attach(RingWriter writer, long item) {
        long at = writer.claim();
        int epoch = epoch(item);
        for (int word = 0; word < WORDS; word++) {
            writer.memory().set(ValueLayout.JAVA_LONG, at + 8L * word, word(epoch, sequence(item), word));
        }
        var descriptor = writer.descriptor().sequence(sequence(item)).shape(1, epoch, 0, WORDS * 8);
        if (item % 7 == 0) {
            descriptor.addFlags(Descriptor.LATE);
        }
        writer.commit();
    }

    private static void linger(long ns) {
        long end = System.nanoTime() + ns;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private Callable<Tally> lookByKey(int seed) {
        var reader = owner.ring().reader("keys " + seed, Profile.LATEST, Start.NOW);
        return () -> {
            try (reader) {
                var random = new Random(seed);
                var tally = new Tally();
                while (tally.looks < LOOKS || tally.overtaken == 0) {
                    long item = items.getAcquire() - 1 - random.nextInt(SLOTS * 3 / 2);
                    if (item >= 0) {
                        look(reader, item, random, tally);
                    }
                }
                return tally;
            }
        };
    }

    private static void look(RingReader reader, long item, Random random, Tally tally) {
        tally.looks++;
        var lease = find(reader, epoch(item), sequence(item));
        if (lease != null) {
            if (random.nextInt(256) == 0) {
                linger(20_000);
            }
            check(lease, item, tally);
        } else if (!hasResult(item)) {
            tally.absent++;
        } else if (position(item) <= reader.end() - SLOTS) {
            tally.gone++;
        } else {
            tally.missed++;
        }
    }

    /** The result of an item, by a binary search over what is there. */
    private static Lease find(RingReader reader, int epoch, long sequence) {
        long low = reader.oldest();
        long high = reader.end();
        while (low < high) {
            long middle = low + high >>> 1;
            var lease = reader.peek(middle);
            if (lease == null) {
                low = middle + 1; // overtaken, and so is all before it
                continue;
            }
            var descriptor = lease.descriptor();
            int order = descriptor.width() != epoch ? Integer.compare(descriptor.width(), epoch)
                    : Long.compare(descriptor.sequence(), sequence);
            if (order == 0) {
                return lease;
            }
            lease.release();
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle;
        }
        return null;
    }

    private static void check(Lease lease, long item, Tally tally) {
        boolean its = hasResult(item) && sequence(item) == lease.descriptor().sequence()
                && epoch(item) == lease.descriptor().width() && lease.length() == WORDS * 8
                && lease.descriptor().has(Descriptor.LATE) == (item % 7 == 0);
        for (int word = 0; word < WORDS; word++) {
            its &= lease.memory().get(ValueLayout.JAVA_LONG, lease.offset() + 8L * word) == word(epoch(item),
                    sequence(item), word);
        }
        if (!lease.release()) {
            tally.overtaken++;
        } else if (its) {
            tally.found++;
        } else {
            tally.foreign++;
        }
    }

    private Tally readLive() {
        var tally = new Tally();
        try (var reader = owner.ring().reader("live", Profile.EVERY, Start.OLDEST)) {
            while (!stop.get()) {
                var lease = reader.next();
                if (lease != null) {
                    tally.looks++;
                    if ((tally.looks & 255) == 0) {
                        linger(20_000);
                    }
                    check(lease, (lease.descriptor().width() - 1) * SEQUENCES + lease.descriptor().sequence(), tally);
                }
            }
        }
        return tally;
    }
}
