// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.AttachmentState;
import mimir.api.analysis.Flyweight;
import mimir.api.reservoir.RetainedItems;
import mimir.api.reservoir.RetainedItems.Found;
import mimir.api.reservoir.Retention;
import mimir.ring.Descriptor;
import mimir.ring.Item;
import mimir.ring.Lease;
import mimir.ring.RingReader;

/**
 * Reads the results of a type on a source by position: keys ascend, so a look begins where the item should be and ends
 * in a binary search. What the ring holds no more is looked for in the reservoir. Confined; allocates only when it is
 * made and when the ring is another one.
 *
 * @param <T> the type
 */
final class ResultReader<T extends Attachment> implements AttachmentReader<T> {
    private final Results results;
    private final String source;
    private final AttachmentLayout layout;
    private final String given;
    private final T view;
    private final Flyweight laid;
    private int changes = -1;
    private int generation;
    private ResultHome home;
    private Retention retention;
    private RingReader ring;
    private Lease lease;        // the one that was taken last: the collector asks a fee for every change of a reference
    private boolean there;      // a result is in hand, of an open lease
    private boolean isPast;     // or of the reservoir
    private final PastResults past = new PastResults();
    private boolean back;       // next() reads from the reservoir
    private long here;          // its position
    private long found;         // position of what was found last, the guess for the next look
    private int foundEpoch;
    private long foundSequence;
    private long cursor = -1;   // the next one for next(), -1 before the first call
    private long missed;
    private boolean closed;

    /**
     * Reads nothing yet.
     *
     * @param given identity of the only place to read from, or null for wherever is best
     */
    ResultReader(Results results, String source, AttachmentLayout layout, T view, String given) {
        this.results = results;
        this.source = source;
        this.layout = layout;
        this.given = given;
        this.view = view;
        this.laid = (Flyweight) view;
    }

    @Override
    public AttachmentState look(Item item) {
        var descriptor = item.descriptor();
        var state = look(descriptor.epoch(), descriptor.sequence());
        return state == AttachmentState.GONE && past.covers(descriptor.hostTimeNs()) ? AttachmentState.ABSENT : state;
    }

    @Override
    public AttachmentState look(int epoch, long sequence) {
        drop();
        if (bound()) {
            if (expected(epoch, sequence)) {
                return told(true, false);
            }
            boolean pending = home.pending(epoch, sequence); // asked first: what is attached after this is not denied
            if (expected(epoch, sequence) || last(ResultDescriptor.BY_ITEM, epoch, sequence) || pending) {
                return told(there && ResultDescriptor.compare(lease.descriptor(), epoch, sequence) == 0, pending);
            }
        }
        return lookBack(ResultDescriptor.BY_ITEM, epoch, sequence);
    }

    /** True when it lies where it must when there are no holes between it and the one that was found last. */
    private boolean expected(int epoch, long sequence) {
        return epoch == foundEpoch && at(found + sequence - foundSequence)
                && ResultDescriptor.compare(lease.descriptor(), epoch, sequence) == 0;
    }

    @Override
    public AttachmentState lookAtSample(int epoch, long sample) {
        drop();
        if (bound()) {
            boolean pending = home.pendingSample(epoch, sample);
            if (last(ResultDescriptor.BY_SAMPLE, epoch, sample) || pending) {
                return told(there && ResultDescriptor.holdsSample(lease.descriptor(), epoch, sample), pending);
            }
        }
        return lookBack(ResultDescriptor.BY_SAMPLE, epoch, sample);
    }

    /** Nothing in the ring is as old as that, if there is a ring. */
    private AttachmentState lookBack(int by, int epoch, long value) {
        drop();
        var found = past.look(by, epoch, value);
        isPast = found == Found.THERE;
        boolean gone = past.any() ? found == Found.GONE : ring != null && ring.oldest() > 0;
        return gone ? AttachmentState.GONE : told(isPast, false);
    }

    private AttachmentState told(boolean right, boolean pending) {
        if (!right) {
            drop();
            return pending ? AttachmentState.PENDING : AttachmentState.ABSENT;
        }
        show();
        return result().has(Descriptor.LATE) ? AttachmentState.LATE : AttachmentState.PRESENT;
    }

    /**
     * Goes to the last result that is not after a key; false when there is none. Where items have no holes the first
     * guess is right.
     */
    private boolean last(int by, int epoch, long value) {
        long low = ring.oldest();
        long high = ring.end(); // the result sought lies in [low, high), if it does
        if (by == ResultDescriptor.BY_ITEM && high > low && at(high - 1)
                && ResultDescriptor.epoch(lease.descriptor()) == epoch) {
            long back = lease.descriptor().sequence() - value;
            if (back > 0 && back < high - low && at(high - 1 - back)
                    && ResultDescriptor.compare(lease.descriptor(), epoch, value) == 0) {
                return true;
            }
        }
        while (low < high) {
            long middle = low + (high - low >>> 1);
            if (!at(middle) || ResultDescriptor.compare(lease.descriptor(), by, epoch, value) <= 0) {
                low = middle + 1; // one that was overtaken is older than all that are there
            } else {
                high = middle;
            }
        }
        return at(low - 1);
    }

    @Override
    public void seek(long hostTimeNs) {
        drop();
        back = false;
        past.from(hostTimeNs);
        if (bound() && last(ResultDescriptor.BY_TIME, 0, hostTimeNs - 1)) {
            cursor = here + 1;
        } else if (past.any()) {
            back = true;
        } else if (ring != null) {
            long oldest = ring.oldest();
            missed += cursor >= 0 ? Math.max(0, oldest - cursor) : 0;
            cursor = oldest;
        }
        drop();
    }

    @Override
    public boolean next() {
        drop();
        boolean bound = bound();
        if (back) {
            isPast = past.next();
            if (isPast) {
                return shown();
            }
            back = false;
            resume();
        }
        return bound && live();
    }

    /** The ring goes on where the reservoir ended, or another ring where the one before it did. */
    private void resume() {
        if (ring != null) {
            cursor = last(ResultDescriptor.BY_ITEM, past.shownEpoch(), past.shownSequence()) ? here + 1 : ring.oldest();
            drop();
        }
    }

    private boolean live() {
        if (cursor < 0) {
            cursor = ring.oldest();
        }
        while (!at(cursor)) {
            long end = ring.end();
            if (cursor >= end) {
                return false;
            }
            long oldest = ring.oldest();
            long resume = Math.max(cursor + 1, oldest + (end - oldest) / 4); // slack, or that one would be gone as well
            missed += resume - cursor;
            cursor = resume;
        }
        cursor++;
        return shown();
    }

    private boolean shown() {
        show();
        past.shown(result());
        return true;
    }

    @Override
    public boolean await(long timeoutNs) {
        boolean bound = bound();
        if (back) {
            return true;
        }
        if (!bound) {
            return results.awaitChange(changes, timeoutNs) && bound();
        }
        for (var seen = ring.next(); seen != null; seen = ring.next()) {
            seen.release(); // the reader sleeps behind the newest only
        }
        return Math.max(cursor, 0) < ring.end() || ring.await(timeoutNs);
    }

    /** The results may begin later, and their ring may be another one by now. */
    private boolean bound() {
        if (!closed && changes != results.changes()) {
            bind();
        }
        return ring != null;
    }

    private void bind() {
        int known = results.changes();
        var now = results.find(source, layout, given); // refuses at every look what is laid out otherwise
        changes = known;
        var memory = results.retention();
        if (now == null || now == home && now.generation() == generation && memory == retention) {
            return;
        }
        boolean same = now == home && now.generation() == generation;
        int current = now.generation();
        var next = same ? ring : now.reader();
        var older = memory == null ? null : memory.open(now.identity);
        if (next == null && older == null) {
            return; // freed just now, which is a change of its own
        }
        boolean another = now != home;
        home = now;
        generation = current;
        retention = memory;
        if (!same) {
            takeOver(next, another);
        }
        lookBackInto(older);
    }

    private void takeOver(RingReader next, boolean another) {
        if (ring != null) {
            missed += another || cursor < 0 || next == null ? 0 : Math.max(0, carriedFrom(next));
            ring.close();
        }
        ring = next;
        foundEpoch = 0;
        if (another && past.shownEpoch() > 0) {
            resume();
        }
    }

    private void lookBackInto(RetainedItems older) {
        missed += past.overtaken();
        past.bind(older);
        back |= ring == null && cursor < 0; // all that is there lies there
    }

    /** Where next() goes on: a region that took over counts from 0 again. Returns what is left behind unread. */
    private long carriedFrom(RingReader next) {
        if (next.end() >= cursor) {
            return 0;
        }
        long unread = ring.end() - cursor;
        cursor = 0;
        return unread;
    }

    /** Leases the result at a position instead of the one in hand. False when there is none of this type. */
    private boolean at(long position) {
        drop();
        here = position;
        var taken = position < 0 ? null : ring.peek(position);
        if (taken != null && taken != lease) {
            lease = taken;
        }
        there = taken != null;
        return there;
    }

    private void show() {
        var result = item();
        laid.lay(result.memory(), result.offset(), Math.max(0, result.length() - layout.bytes()));
        if (!isPast) {
            var descriptor = lease.descriptor();
            found = here;
            foundEpoch = ResultDescriptor.epoch(descriptor);
            foundSequence = descriptor.sequence();
        }
    }

    private Item item() {
        return isPast ? past.item() : lease;
    }

    /** Lets the result in hand go. */
    void forget() {
        drop();
    }

    private void drop() {
        isPast = false;
        if (there) {
            lease.close();
            there = false;
        }
    }

    @Override
    public T get() {
        return there || isPast ? view : null;
    }

    @Override
    public boolean intact() {
        return (there || isPast) && item().intact();
    }

    private Descriptor result() {
        if (!there && !isPast) {
            throw new IllegalStateException("no result was found; look for one first");
        }
        return item().descriptor();
    }

    @Override
    public int epoch() {
        return ResultDescriptor.epoch(result());
    }

    @Override
    public long sequence() {
        return result().sequence();
    }

    @Override
    public long hostTimeNs() {
        return result().hostTimeNs();
    }

    @Override
    public long completedNs() {
        return ResultDescriptor.completedNs(result());
    }

    @Override
    public long firstSample() {
        return result().deviceTime();
    }

    @Override
    public int sampleFrames() {
        return ResultDescriptor.sampleFrames(result());
    }

    @Override
    public long missed() {
        return missed + past.overtaken();
    }

    @Override
    public void close() {
        closed = true;
        drop();
        missed += past.overtaken();
        past.bind(null);
        if (ring != null) {
            ring.close();
            ring = null;
        }
    }
}
