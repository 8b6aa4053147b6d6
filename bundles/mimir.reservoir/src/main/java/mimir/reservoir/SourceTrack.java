// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import mimir.ring.Lease;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;

/**
 * One source in the reservoir, for as long as the reservoir lives: its reader, the item that waits to be taken in, and
 * its counts. Single-writer (the ingest thread); counts may be read by any.
 */
final class SourceTrack {
    private static final VarHandle TAKEN = field("taken");
    private static final VarHandle TAKEN_BYTES = field("takenBytes");
    private static final VarHandle EVICTED = field("evicted");
    private static final VarHandle EVICTED_BYTES = field("evictedBytes");
    private static final VarHandle DISCONTINUITIES = field("discontinuities");

    final String id;
    final int number;
    final RingReader reader;
    private Lease waiting;
    private RingFormat lastFormat;
    private int lastFormatNumber;
    private volatile RingFormat[] formats = {};
    private long taken;
    private long takenBytes;
    private long evicted;
    private long evictedBytes;
    private long discontinuities;

    SourceTrack(String id, int number, RingReader reader) {
        this.id = id;
        this.number = number;
        this.reader = reader;
    }

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(SourceTrack.class, name, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** The next item of this source, or null. It stays the next one until {@link #release}. */
    Lease peek() {
        if (waiting == null) {
            waiting = reader.next();
        }
        return waiting;
    }

    /** Ends the lease of the waiting item. False when it was overtaken meanwhile. */
    boolean release() {
        var lease = waiting;
        waiting = null;
        return lease.release();
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
        var known = formats;
        return known[Math.clamp(formatNumber, 0, known.length - 1)];
    }

    long nextOrdinal() {
        return taken;
    }

    void tookIn(long bytes, boolean discontinuity) {
        TAKEN.setOpaque(this, taken + 1);
        TAKEN_BYTES.setOpaque(this, takenBytes + bytes);
        if (discontinuity) {
            DISCONTINUITIES.setOpaque(this, discontinuities + 1);
        }
    }

    void evicted(long bytes) {
        EVICTED.setOpaque(this, evicted + 1);
        EVICTED_BYTES.setOpaque(this, evictedBytes + bytes);
    }

    long items() {
        return Math.max(0, (long) TAKEN.getOpaque(this) - (long) EVICTED.getOpaque(this));
    }

    long bytes() {
        return Math.max(0, (long) TAKEN_BYTES.getOpaque(this) - (long) EVICTED_BYTES.getOpaque(this));
    }

    long discontinuities() {
        return (long) DISCONTINUITIES.getOpaque(this);
    }

    long evictedItems() {
        return (long) EVICTED.getOpaque(this);
    }
}
