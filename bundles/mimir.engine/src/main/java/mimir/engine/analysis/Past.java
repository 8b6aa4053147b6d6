// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.function.Supplier;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Item;
import mimir.ring.Lease;
import mimir.ring.RingException;
import mimir.ring.RingReader;

/**
 * The past of a source, out of the reservoir, at {@link #PACE} times the speed at which it happened, and then its ring
 * without a gap and without an item that comes twice: when all that is there was read the ring's reader is opened, and
 * what the reservoir still brings before that reader's first item comes first. Confined to the stage's strand, but for
 * the counts.
 */
final class Past {
    /** Times real time: so an analyser that keeps up with one source four times over has caught up soon. */
    static final int PACE = 4;

    private static final long MOST_AT_ONCE_NS = 250_000_000; // of the schedule, made up for after a pause
    private static final long LOST_NS = 1_000_000_000;       // the reservoir refused the item that both should meet at

    private final ReservoirCursor items;
    private final Supplier<RingReader> ring;
    private boolean waiting;  // the cursor is at an item that was not given out
    private boolean begun;
    private long pacedNs;     // canonical time of the item given out last
    private long dueNs;       // when that was due
    private int epoch;        // of that, or of an item that has its result
    private long sequence = Long.MIN_VALUE;
    private volatile RingReader reader;
    private Lease first;      // of the reader
    private long firstNs;     // since when
    private volatile boolean over;
    private boolean stopped;  // the reservoir is gone, and what was not given out with it
    private long missed;      // at which the cursor was
    private volatile long given;
    private volatile long overtaken;
    private volatile long torn;

    /**
     * Looks at nothing yet.
     *
     * @param ring opens the reader of the source that goes on from now, closed by who takes it over
     * @param last newest result of this stage that is there already, or null: the items up to its own are left out
     */
    Past(ReservoirCursor items, Supplier<RingReader> ring, Descriptor last) {
        this.items = items;
        this.ring = ring;
        if (last != null) {
            epoch = ResultDescriptor.epoch(last);
            sequence = last.sequence();
        }
    }

    /** The next item that is due, or null: one of the reservoir, or, when this is over, the first of the reader. */
    Item next() {
        look();
        if (reader == null && waiting) {
            return due() ? give() : null;
        }
        if (reader == null && !open()) {
            return null;
        }
        meet();
        look(); // the ring first: what it showed, the reservoir gets a little later
        if (waiting && (first == null || comesBefore(items.descriptor(), first.descriptor()))) {
            return give();
        }
        if (first != null && (waiting || stopped || HostClock.nowNs() - firstNs > LOST_NS)) {
            over = true;
            countStopped();
            return first;
        }
        return null;
    }

    /** False when the source's memory is gone; then its next look may find another. */
    private boolean open() {
        try {
            reader = ring.get();
            return true;
        } catch (RingException gone) {
            return false;
        }
    }

    private void look() {
        try {
            lookAtItems();
        } catch (IllegalStateException gone) { // of it, of its memory: the ring goes on with what it has
            stopped = true;
            waiting = false;
        }
    }

    private void lookAtItems() {
        if (waiting && !items.intact()) {
            waiting = false;
            missed = missed + 1;
        }
        while (!stopped && !waiting && items.next()) {
            waiting = isNew(items.descriptor());
        }
        overtaken = stopped ? overtaken : items.overtaken() + missed;
    }

    /** What went with the reservoir, up to where the ring goes on. */
    private void countStopped() {
        var at = first.descriptor();
        if (stopped && at.epoch() == epoch && sequence != Long.MIN_VALUE) {
            overtaken = overtaken + at.sequence() - sequence - 1;
        }
    }

    /** The reader's first item that was not given out. */
    private void meet() {
        while (first == null || !first.intact() || !isNew(first.descriptor())) {
            if (first != null) {
                first.release();
            }
            first = reader.next();
            if (first == null) {
                return;
            }
            firstNs = HostClock.nowNs();
        }
    }

    private boolean isNew(Descriptor item) {
        return item.epoch() > epoch || item.epoch() == epoch && item.sequence() > sequence;
    }

    private static boolean comesBefore(Descriptor one, Descriptor other) {
        return one.epoch() < other.epoch() || one.epoch() == other.epoch() && one.sequence() < other.sequence();
    }

    private boolean due() {
        long now = HostClock.nowNs();
        long due = begun ? dueNs + Math.max(0, items.canonicalNs() - pacedNs) / PACE : now;
        if (due > now) {
            return false;
        }
        begun = true;
        dueNs = Math.max(due, now - MOST_AT_ONCE_NS);
        return true;
    }

    private Item give() {
        waiting = false;
        pacedNs = items.canonicalNs();
        epoch = items.descriptor().epoch();
        sequence = items.descriptor().sequence();
        given = given + 1;
        return items;
    }

    /** True once the reader goes on alone. */
    boolean isOver() {
        return over;
    }

    /** Null as long as it was not opened. Any thread. */
    RingReader reader() {
        return reader;
    }

    /** The item in hand went past the edge before it was looked at. */
    void lost() {
        torn = torn + 1;
    }

    /** Items of the reservoir that were given out, or overtaken before. Any thread. */
    long seen() {
        return given + overtaken;
    }

    /** Items that the edge passed before they were looked at. Any thread. */
    long overtaken() {
        return overtaken + torn;
    }
}
