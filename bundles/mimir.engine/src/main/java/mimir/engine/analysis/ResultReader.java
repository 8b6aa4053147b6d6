// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.AttachmentState;
import mimir.api.analysis.Flyweight;
import mimir.ring.Descriptor;
import mimir.ring.Item;
import mimir.ring.Lease;
import mimir.ring.RingReader;

/**
 * Reads the results of a type on a source by position: keys ascend, so a look begins where the item should be and ends
 * in a binary search. Confined; allocates only when it is made and when the ring is another one.
 *
 * @param <T> the type
 */
final class ResultReader<T extends Attachment> implements AttachmentReader<T> {
    private static final int BY_ITEM = 0;
    private static final int BY_SAMPLE = 1;
    private static final int BY_TIME = 2;

    private final Results results;
    private final String source;
    private final AttachmentLayout layout;
    private final String given;
    private final T view;
    private final Flyweight laid;
    private int changes = -1;
    private int generation;
    private ResultHome home;
    private RingReader ring;
    private Lease lease;        // the one that was taken last: the collector asks a fee for every change of a reference
    private boolean there;      // it is open, at a result
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
        return look(descriptor.epoch(), descriptor.sequence());
    }

    @Override
    public AttachmentState look(int epoch, long sequence) {
        drop();
        if (!bound()) {
            return AttachmentState.ABSENT;
        }
        if (expected(epoch, sequence)) {
            return told(true, false);
        }
        boolean pending = home.pending(epoch, sequence); // asked first: what is attached after this is not denied
        boolean right = expected(epoch, sequence) || last(BY_ITEM, epoch, sequence)
                && ResultDescriptor.compare(lease.descriptor(), epoch, sequence) == 0;
        return told(right, pending);
    }

    /** True when it lies where it must when there are no holes between it and the one that was found last. */
    private boolean expected(int epoch, long sequence) {
        return epoch == foundEpoch && at(found + sequence - foundSequence)
                && ResultDescriptor.compare(lease.descriptor(), epoch, sequence) == 0;
    }

    @Override
    public AttachmentState lookAtSample(int epoch, long sample) {
        drop();
        if (!bound()) {
            return AttachmentState.ABSENT;
        }
        boolean pending = home.pendingSample(epoch, sample);
        boolean right = last(BY_SAMPLE, epoch, sample);
        if (right) {
            var result = lease.descriptor();
            right = ResultDescriptor.epoch(result) == epoch
                    && sample - result.deviceTime() < ResultDescriptor.sampleFrames(result);
        }
        return told(right, pending);
    }

    private AttachmentState told(boolean right, boolean pending) {
        if (!right) {
            drop();
            return pending ? AttachmentState.PENDING : AttachmentState.ABSENT;
        }
        show();
        return lease.descriptor().has(Descriptor.LATE) ? AttachmentState.LATE : AttachmentState.PRESENT;
    }

    /**
     * Goes to the last result that is not after a key; false when there is none. Where items have no holes the first
     * guess is right.
     */
    private boolean last(int by, int epoch, long value) {
        long low = ring.oldest();
        long high = ring.end(); // the result sought lies in [low, high), if it does
        if (by == BY_ITEM && high > low && at(high - 1) && ResultDescriptor.epoch(lease.descriptor()) == epoch) {
            long back = lease.descriptor().sequence() - value;
            if (back > 0 && back < high - low && at(high - 1 - back)
                    && ResultDescriptor.compare(lease.descriptor(), epoch, value) == 0) {
                return true;
            }
        }
        while (low < high) {
            long middle = low + (high - low >>> 1);
            if (!at(middle) || compare(by, epoch, value) <= 0) {
                low = middle + 1; // one that was overtaken is older than all that are there
            } else {
                high = middle;
            }
        }
        return at(low - 1);
    }

    private int compare(int by, int epoch, long value) {
        var result = lease.descriptor();
        return switch (by) {
            case BY_ITEM -> ResultDescriptor.compare(result, epoch, value);
            case BY_SAMPLE -> ResultDescriptor.compareSample(result, epoch, value);
            default -> Long.compare(result.hostTimeNs(), value);
        };
    }

    @Override
    public void seek(long hostTimeNs) {
        drop();
        if (bound()) {
            long oldest = ring.oldest();
            long to = last(BY_TIME, 0, hostTimeNs - 1) ? here + 1 : oldest;
            drop();
            missed += cursor >= 0 && to == oldest ? Math.max(0, oldest - cursor) : 0;
            cursor = to;
        }
    }

    @Override
    public boolean next() {
        drop();
        if (!bound()) {
            return false;
        }
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
        show();
        return true;
    }

    @Override
    public boolean await(long timeoutNs) {
        if (!bound()) {
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
        changes = results.changes();
        var now = results.find(source, layout, given);
        if (now == null || now == home && now.generation() == generation) {
            return;
        }
        boolean another = now != home;
        int current = now.generation();
        var next = now.reader();
        if (next == null) {
            return; // freed just now, which is a change of its own
        }
        home = now;
        generation = current;
        if (ring != null) {
            missed += another || cursor < 0 ? 0 : Math.max(0, carriedFrom(next));
            ring.close();
        }
        ring = next;
        foundEpoch = 0;
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
        long tail = lease.length() - layout.bytes();
        laid.lay(lease.memory(), lease.offset(), Math.max(0, tail));
        var descriptor = lease.descriptor();
        found = here;
        foundEpoch = ResultDescriptor.epoch(descriptor);
        foundSequence = descriptor.sequence();
    }

    /** Lets the result in hand go. */
    void forget() {
        drop();
    }

    private void drop() {
        if (there) {
            lease.close();
            there = false;
        }
    }

    @Override
    public T get() {
        return there ? view : null;
    }

    @Override
    public boolean intact() {
        return there && lease.intact();
    }

    private Descriptor result() {
        if (!there) {
            throw new IllegalStateException("no result was found; look for one first");
        }
        return lease.descriptor();
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
        return missed;
    }

    @Override
    public void close() {
        closed = true;
        drop();
        if (ring != null) {
            ring.close();
            ring = null;
        }
    }
}
