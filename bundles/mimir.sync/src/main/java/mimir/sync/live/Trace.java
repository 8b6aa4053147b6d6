// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Numbers from the thread that observes to the one that tells of them: the newest rows, each overwritten {@link #ROWS}
 * rows later. Single-writer: {@link #next} and {@link #set} belong to the writer, {@link #read} to anybody.
 */
final class Trace {
    static final int ROWS = 64;
    private static final VarHandle WRITTEN;

    static {
        try {
            WRITTEN = MethodHandles.lookup().findVarHandle(Trace.class, "written", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int columns;
    private final long[] cells;
    private long written;

    Trace(int columns) {
        this.columns = columns;
        this.cells = new long[ROWS * columns];
    }

    /** A number of the row that {@link #next} will show. */
    void set(int column, long value) {
        cells[(int) (written % ROWS) * columns + column] = value;
    }

    void set(int column, double value) {
        set(column, Double.doubleToRawLongBits(value));
    }

    /** Shows the row. The first change of the next one must not be seen before that. */
    void next() {
        WRITTEN.setRelease(this, written + 1);
        VarHandle.storeStoreFence();
    }

    /** Rows so far. */
    long written() {
        return (long) WRITTEN.getAcquire(this);
    }

    /** Copies a row. False when it is not there yet, or not there any more. */
    boolean read(long row, long[] into) {
        if (row >= written()) {
            return false;
        }
        int from = (int) (row % ROWS) * columns;
        for (int column = 0; column < columns; column++) {
            into[column] = cells[from + column];
        }
        VarHandle.loadLoadFence();
        return (long) WRITTEN.getOpaque(this) - row < ROWS; // at ROWS its place is being written
    }
}
