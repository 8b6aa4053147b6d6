// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import mimir.api.time.TruthSource;

/**
 * The table of true times that a native worker fills, {@code mimir_sim_truth} of mimir_sim.h. Its memory is this
 * object's; a table whose worker did not stop is never closed. Thread-safe.
 *
 * <pre>
 *    0        8         16      24       32      64                   4160
 *    +--------+---------+-------+--------+-------+--------------------+-------------------------------+
 *    |produced|published|dropped|start ns|reserve|256 x: epoch, first |65536 x: version, epoch,       |
 *    |        |         |       |        |       |                    |         sequence, true ns     |
 *    +--------+---------+-------+--------+-------+--------------------+-------------------------------+
 * </pre>
 */
final class SimTruth implements TruthSource, AutoCloseable {
    static final int EPOCHS = 256;
    static final int ITEMS = 65_536;
    static final long EPOCHS_OFFSET = 64;
    static final long ITEMS_OFFSET = EPOCHS_OFFSET + EPOCHS * 16L;
    static final long BYTES = ITEMS_OFFSET + ITEMS * 32L;
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final String id;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(BYTES, 64);

    SimTruth(String id) {
        this.id = id;
    }

    @Override
    public String id() {
        return id;
    }

    /** For the native worker. */
    MemorySegment memory() {
        return memory;
    }

    /** Items that the device has had, those that were lost included. */
    long produced() {
        return (long) WORD.getOpaque(memory, 0L);
    }

    /** Items that came into the ring. */
    long published() {
        return (long) WORD.getOpaque(memory, 8L);
    }

    /** Items that were lost, for whatever reason. */
    long dropped() {
        return (long) WORD.getOpaque(memory, 16L);
    }

    @Override
    public long trueNs(int epoch, long sequence) {
        try {
            return find(epoch, sequence);
        } catch (IllegalStateException closed) {
            return UNKNOWN; // the device is gone, and its table with it
        }
    }

    private long find(int epoch, long sequence) {
        long at = EPOCHS_OFFSET + Math.floorMod(epoch, EPOCHS) * 16L;
        if ((long) WORD.getAcquire(memory, at) != Integer.toUnsignedLong(epoch)) {
            return UNKNOWN;
        }
        long number = (long) WORD.getOpaque(memory, at + 8) + sequence;
        return item(ITEMS_OFFSET + (number & ITEMS - 1) * 32, Integer.toUnsignedLong(epoch), sequence);
    }

    private long item(long at, long epoch, long sequence) {
        long version = (long) WORD.getAcquire(memory, at);
        long itemEpoch = (long) WORD.getOpaque(memory, at + 8);
        long itemSequence = (long) WORD.getOpaque(memory, at + 16);
        long trueNs = (long) WORD.getOpaque(memory, at + 24);
        VarHandle.acquireFence(); // the words must have been read before the version is looked at again
        boolean whole = (version & 1) == 0 && (long) WORD.getOpaque(memory, at) == version;
        return whole && itemEpoch == epoch && itemSequence == sequence ? trueNs : UNKNOWN;
    }

    /**
     * Gives the memory back; whoever still asks is told that nothing is known. Call only when the worker is done with
     * it.
     */
    @Override
    public void close() {
        arena.close();
    }
}
