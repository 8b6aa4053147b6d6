// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * One reader beside what it must do: each step is made twice, on the ring and here, and compared. Confined to one
 * thread.
 */
final class ReaderReference implements AutoCloseable {
    private static final int MOST_LEASES = 8;

    private record Held(Lease lease, RingReference.RegionReference region, long position) {
    }

    private final RingReference ring;
    private final RingReader reader;
    private final Profile profile;
    private final Predicate<Lease> release;
    private final Deque<Held> held = new ArrayDeque<>();
    private int at;
    private long position;
    private long published;
    private long delivered;
    private long overtaken;
    private long skipped;
    private long torn;
    private long first;
    private long told;        // LOSSLESS: what the seat says
    private boolean promised; // LOSSLESS: nothing may be missed in this region

    /** {@code release} ends a lease and says whether it was whole: {@link Lease#release}, or a faulty double. */
    ReaderReference(RingReference ring, Ring real, Profile profile, Start start, Predicate<Lease> release) {
        this.ring = ring;
        this.profile = profile;
        this.release = release;
        reader = real.reader("reference", profile, start, Waiting.SPIN);
        at = ring.regions.size() - 1;
        long head = region().head;
        position = start == Start.NOW ? head : Math.max(0, head - region().slots + 1);
        first = position;
        told = position;
        promised = isPromised();
    }

    private RingReference.RegionReference region() {
        return ring.regions.get(at);
    }

    /** The position that the writer must spare in a region. */
    long toldIn(int regionNumber) {
        return profile == Profile.LOSSLESS && at == regionNumber ? told : Long.MAX_VALUE;
    }

    /**
     * A seat counts from the writer's next look at seats: up to its limit it may go on without one, and a writer that
     * has just begun has no limit yet, but finds what others have claimed.
     */
    private boolean isPromised() {
        boolean current = at == ring.regions.size() - 1;
        long gone = Math.max(region().claims, current ? ring.limit() : 0);
        return profile == Profile.LOSSLESS && gone <= position + region().slots;
    }

    private void tell() {
        told = held.stream().mapToLong(Held::position).reduce(position, Math::min);
    }

    /** How many more items the writer can commit before it claims the slot that is due here. */
    int itemsUntilOvertaken() {
        return at == ring.regions.size() - 1 ? (int) (position + region().slots - region().items.size()) : 0;
    }

    /** Takes the next item on both sides. */
    void next() {
        if (held.size() == MOST_LEASES) {
            releaseOldest();
        }
        var lease = reader.next();
        boolean due = advance();
        if (!due) {
            assertNull(lease, () -> "an item although nothing is due at " + position);
            return;
        }
        assertNotNull(lease, () -> "no item although " + position + " of " + region().head + " is due");
        compare(lease, region().items.get((int) position));
        held.add(new Held(lease, region(), position));
        position++;
        delivered++;
        if (position - told >= Math.max(1, region().slots / 8)) {
            tell();
        }
    }

    /** Moves to the position that is due; false when there is none. */
    private boolean advance() {
        while (true) {
            long head = region().head;
            if (position >= head) {
                tell();
                if (at == ring.regions.size() - 1 || !held.isEmpty()) {
                    return false;
                }
                published += position - first;
                at++;
                position = 0;
                first = 0;
                told = 0;
                promised = isPromised();
                continue;
            }
            if (profile == Profile.LATEST) {
                skipped += head - 1 - position;
                position = head - 1;
            }
            if (region().holds(position)) {
                return true;
            }
            assertFalse(promised, "a LOSSLESS reader is overtaken");
            long resume = Math.max(position + 1, head - region().slots * 3L / 4);
            overtaken += resume - position;
            position = resume;
        }
    }

    private static void compare(Lease lease, RingReference.Expected expected) {
        var descriptor = lease.descriptor();
        assertEquals(expected, new RingReference.Expected(descriptor.sequence(), descriptor.epoch(),
                descriptor.flags(), descriptor.gapItems()));
        for (long word = 0; word < lease.length(); word += Long.BYTES) {
            assertEquals(expected.sequence(), lease.memory().get(ValueLayout.JAVA_LONG, lease.offset() + word),
                    "payload of item " + expected.sequence());
        }
    }

    /** Ends the oldest lease: it is whole exactly when the writer has not come round. */
    void releaseOldest() {
        var oldest = held.poll();
        if (oldest == null) {
            return;
        }
        boolean whole = oldest.region.holds(oldest.position);
        assertEquals(whole, release.test(oldest.lease), () -> "whole: the lease of position " + oldest.position);
        if (!whole) {
            delivered--;
            overtaken++;
            torn++;
        }
    }

    /** Keeps the newest item in hand where it is; null when there is none. */
    KeptReference keep() {
        var newest = held.peekLast();
        return newest == null ? null : new KeptReference(newest.lease, newest.region, newest.position);
    }

    void compareStats() {
        var stats = reader.stats();
        long head = region().head;
        assertEquals(new ReaderStats(stats.name(), profile, published + Math.max(head, position) - first, delivered,
                overtaken, skipped, Math.max(head - position, 0), stats.mostPending(), torn, 0, stats.bytesDelivered(),
                0), stats);
        assertEquals(true, stats.conserved(), stats::toString);
    }

    /** Reads everything that is due; nothing is pending then, and the end is told if there is one. */
    void drain() {
        long before;
        do {
            before = delivered + overtaken + skipped;
            next();
            while (!held.isEmpty()) {
                releaseOldest();
            }
        } while (delivered + overtaken + skipped != before || at < ring.regions.size() - 1);
        compareStats();
        assertEquals(ring.region().ended, reader.ended(), "told the end");
    }

    @Override
    public void close() {
        reader.close();
    }
}
