// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How far a stage has come through the items of its first source. Single-writer; any thread may ask. */
final class Progress {
    private static final VarHandle EPOCH = field("epoch", int.class);
    private static final VarHandle SEQUENCE = field("sequence", long.class);
    private static final VarHandle SAMPLE = field("sample", long.class);

    private volatile boolean running;
    private int epoch;
    private long sequence = Long.MIN_VALUE;
    private long sample = Long.MIN_VALUE;

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Progress.class, name, type);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    void running(boolean now) {
        running = now;
    }

    /** Nothing up to this item will get a result that has none now. Runs forward only. */
    void reach(int itemEpoch, long itemSequence, long sampleEnd) {
        if (itemEpoch != epoch) {
            // nobody may take an old sequence for one of the new epoch
            SEQUENCE.setRelease(this, Long.MIN_VALUE);
            SAMPLE.setRelease(this, Long.MIN_VALUE);
            EPOCH.setRelease(this, itemEpoch);
        }
        SAMPLE.setRelease(this, sampleEnd);
        SEQUENCE.setRelease(this, itemSequence);
    }

    /** True while the stage runs and has not come to the item. */
    boolean pending(int itemEpoch, long itemSequence) {
        return running && !passed(SEQUENCE, itemEpoch, itemSequence);
    }

    /** True while the stage runs and has not come to a sample frame. */
    boolean pendingSample(int itemEpoch, long itemSample) {
        return running && !passed(SAMPLE, itemEpoch, itemSample);
    }

    private boolean passed(VarHandle mark, int itemEpoch, long value) {
        int before;
        long reached;
        do {
            before = (int) EPOCH.getAcquire(this);
            reached = (long) mark.getAcquire(this);
        } while (before != (int) EPOCH.getAcquire(this));
        return itemEpoch < before || itemEpoch == before && value <= reached;
    }
}
