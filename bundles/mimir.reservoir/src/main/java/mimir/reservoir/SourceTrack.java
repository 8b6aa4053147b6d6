// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import mimir.ring.Lease;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;

/**
 * One ring in the reservoir, of a source or of results: its reader, the item that waits to be taken in, and its counts.
 * Single-writer (the ingest thread); {@link #follow} and {@link #letGo} belong to control threads, counts may be read
 * by any.
 */
final class SourceTrack {
    private static final VarHandle TAKEN = field("taken", long.class);
    private static final VarHandle TAKEN_BYTES = field("takenBytes", long.class);
    private static final VarHandle EVICTED = field("evicted", long.class);
    private static final VarHandle EVICTED_BYTES = field("evictedBytes", long.class);
    private static final VarHandle GONE = field("itemsGone", long.class);
    private static final VarHandle DISCONTINUITIES = field("discontinuities", long.class);

    private static final VarHandle HOLD = field("hold", int.class);
    private static final int HELD = 0;
    private static final int LETTING_GO = 1; // nobody wants more of it: the reader ends when it has read all
    private static final int LET_GO = 2;

    final String id;
    final int number;
    final boolean source; // else results
    final int lane;       // see Chains
    final Ladder ladder;
    final Holds holds;
    final Missed missed = new Missed();
    private volatile RingReader reader;
    private volatile RingReader next; // takes over at the next look
    private volatile boolean broken;
    private volatile RingFormat[] formats = {};
    private Ring ring;                // control threads, under the lock of the ingest
    private Lease waiting;
    private long waitingNs;
    private boolean ended; // the reader is closed
    private int hold;
    private RingFormat lastFormat;
    private int lastFormatNumber;
    private long taken;
    private long takenBytes;
    private long evicted;
    private long evictedBytes;
    private long itemsGone;
    private long discontinuities;

    SourceTrack(int number, boolean source, Ring ring, RingReader reader, Ladder ladder, Holds holds) {
        this.id = ring.identity();
        this.number = number;
        this.source = source;
        this.lane = Ingest.place(number);
        this.ladder = ladder;
        this.holds = holds;
        this.ring = ring;
        this.reader = reader;
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(SourceTrack.class, name, type);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** False when the reader still leads to what the source publishes now, as it does through any swap. */
    boolean lost(Ring published) {
        boolean held = (int) HOLD.getVolatile(this) == HELD || HOLD.compareAndSet(this, LETTING_GO, HELD);
        return !held || next == null && (published != ring || broken);
    }

    /** True when all that the ring holds has been taken in already. */
    boolean knows(Ring published) {
        return published == ring && !broken;
    }

    /** Another reader, for a ring that was made anew or was let go of. */
    void follow(Ring published, RingReader another) {
        ring = published;
        next = another;
        HOLD.setVolatile(this, HELD);
    }

    /** The reader ends when it has read all. */
    void letGo() {
        HOLD.compareAndSet(this, HELD, LETTING_GO);
    }

    /** True when nothing is read any more. */
    boolean gone() {
        return (int) HOLD.getVolatile(this) == LET_GO;
    }

    /** The next item of this source, or null. It stays the next one until {@link #release}. */
    Lease peek() {
        if (waiting == null && !gone()) {
            waiting = ended ? null : reader.next();
            if (waiting == null) {
                change();
            }
            if (waiting != null) {
                waitingNs = waiting.descriptor().hostTimeNs();
            }
        }
        return waiting;
    }

    /** Host time of the item that {@link #peek} found, ns. */
    long waitingNs() {
        return waitingNs;
    }

    /** All was read: another reader may take over, or none. */
    private void change() {
        if (next != null) {
            reader.close();
            reader = next;
            next = null;
            broken = false;
            ended = false;
            waiting = reader.next();
        } else if (!ended && reader.broken()) {
            broken = true;
        }
        if (waiting == null && HOLD.compareAndSet(this, LETTING_GO, LET_GO)) {
            ended = true;
            reader.close();
        }
    }

    /** Ends the lease of the waiting item. False when it was overtaken meanwhile. */
    boolean release() {
        var lease = waiting;
        waiting = null;
        return lease.release();
    }

    RingReader reader() {
        return reader;
    }

    /** After the end of the ingest thread only. */
    void close() {
        holds.close();
        reader.close();
        if (next != null) {
            next.close();
        }
    }

    /** Number of a format in this track's list; a format that is new allocates. */
    int formatNumber(RingFormat format) {
        if (format != lastFormat) {
            lastFormatNumber = find(format);
            lastFormat = format;
        }
        return lastFormatNumber;
    }

    private int find(RingFormat format) {
        var known = formats;
        for (int i = 0; i < known.length; i++) {
            if (known[i].equals(format)) {
                return i;
            }
        }
        var more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = format;
        formats = more;
        return known.length;
    }

    RingFormat format(int formatNumber) {
        return formats[formatNumber];
    }

    /** Counts an item before it is published, so that nobody finds an item that is not counted. Returns its ordinal. */
    long takeIn(long bytes, boolean discontinuity) {
        long ordinal = taken;
        TAKEN.setOpaque(this, ordinal + 1);
        TAKEN_BYTES.setOpaque(this, takenBytes + bytes);
        if (discontinuity) {
            DISCONTINUITIES.setOpaque(this, discontinuities + 1);
        }
        return ordinal;
    }

    void evict(long bytes, long canonicalNs) {
        missed.evicted(canonicalNs);
        EVICTED.setOpaque(this, evicted + 1);
        EVICTED_BYTES.setOpaque(this, evictedBytes + bytes);
    }

    /** The ring overwrote an item that was to stay. */
    void lose(long canonicalNs) {
        missed.lose(Missed.OVERWRITTEN, canonicalNs);
        GONE.setOpaque(this, itemsGone + 1);
    }

    /** Items that were pinned and are not there, because their ring came round before they were copied. */
    long lost() {
        return (long) GONE.getOpaque(this);
    }

    long taken() {
        return (long) TAKEN.getOpaque(this);
    }

    /** Items that the edge has passed; at the same time the ordinal of the oldest that is there. */
    long evicted() {
        return (long) EVICTED.getOpaque(this);
    }

    long items() {
        return Math.max(0, taken() - evicted());
    }

    long bytes() {
        return Math.max(0, (long) TAKEN_BYTES.getOpaque(this) - (long) EVICTED_BYTES.getOpaque(this));
    }

    long discontinuities() {
        return (long) DISCONTINUITIES.getOpaque(this);
    }
}
