// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import mimir.api.time.ClockMaps;
import mimir.api.time.TruthSource;
import mimir.ring.Descriptor;

/**
 * Looks at one source that tells the truth: what its clock map says of its newest item, against what is true. The
 * newest {@link #MOST}, in memory that is made once. Single-writer: {@link #look} belongs to the witness, {@link #all}
 * to anybody.
 */
final class Looks {
    static final int MOST = 2048;
    private static final int COLUMNS = 4;
    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(Looks.class, "taken", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String id;
    private volatile TruthSource truth;
    private volatile long[] cells; // none before there is a truth
    private long taken;

    Looks(String id) {
        this.id = id;
    }

    /**
     * One of them. Immutable.
     *
     * @param errorNs what the map says less the truth, the constant delay included, ns
     */
    record Raw(long atNs, int epoch, int segment, long errorNs, long statedNs) {
    }

    /** Who knows the truth from now on. */
    synchronized void truth(TruthSource now) {
        if (cells == null) {
            cells = new long[MOST * COLUMNS];
        }
        truth = now;
    }

    /** Nobody knows it any more, unless another came meanwhile. */
    synchronized void forget(TruthSource gone) {
        if (truth == gone) {
            truth = null;
        }
    }

    /** At an item that is there now. Does not block or allocate. */
    void look(Descriptor item, ClockMaps maps) {
        var known = truth;
        if (known == null || maps == null || item.deviceClock() == Descriptor.CLOCK_NONE) {
            return;
        }
        var map = maps.of(id);
        if (map == null || map.epoch() != item.epoch()) {
            return;
        }
        long trueNs = known.trueNs(item.epoch(), item.sequence());
        if (trueNs != TruthSource.UNKNOWN) {
            long at = map.canonicalNs(item.deviceTime());
            keep(at, item.epoch(), map.segment(), at - trueNs, map.uncertaintyNs());
        }
    }

    private void keep(long atNs, int epoch, int segment, long errorNs, long statedNs) {
        int from = (int) (taken % MOST) * COLUMNS;
        cells[from] = atNs;
        cells[from + 1] = (long) epoch << 32 | segment;
        cells[from + 2] = errorNs;
        cells[from + 3] = statedNs;
        TAKEN.setRelease(this, taken + 1);
        VarHandle.storeStoreFence(); // the next look must not be seen before this one
    }

    long taken() {
        return (long) TAKEN.getAcquire(this);
    }

    /** The newest, oldest first. Allocates. */
    List<Raw> all() {
        long end = taken();
        var looks = new ArrayList<Raw>();
        for (long number = Math.max(0, end - MOST + 1); number < end; number++) {
            int from = (int) (number % MOST) * COLUMNS;
            var look = new Raw(cells[from], (int) (cells[from + 1] >> 32), (int) cells[from + 1], cells[from + 2],
                    cells[from + 3]);
            VarHandle.loadLoadFence();
            if ((long) TAKEN.getOpaque(this) - number < MOST) {
                looks.add(look);
            }
        }
        return looks;
    }
}
