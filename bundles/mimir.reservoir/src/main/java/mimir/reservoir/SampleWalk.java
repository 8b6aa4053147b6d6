// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import mimir.api.media.AudioView;
import mimir.api.reservoir.SampleRuns;
import mimir.api.time.ClockMap;
import mimir.ring.Descriptor;

/**
 * Walks the blocks of a source and cuts them at two instants. Where one block does not go on where the one before ended
 * there is a gap: as long as the device counted, where host time bears that out, else as long as the time that passed.
 * Confined; allocates nothing per run.
 */
final class SampleWalk implements SampleRuns {
    /** By so much a block may come sooner than its last sample says, beside what its clock map says of itself. */
    static final long EARLY_NS = 100_000_000;

    /** Blocks may come so much later or earlier than their samples say. */
    private static final double BELIEVED_NS = 500e6;
    private static final double ROUNDING = 1e-3; // of a sample: times are whole ns

    private final LogCursor cursor;
    private final ClockMap map; // one for the whole view, or null
    private final long startNs;
    private final long endNs;
    private final AudioView view = new AudioView();
    // the block in hand
    private boolean pending; // it is the next run
    private boolean fits;
    private double beginNs;  // of its first sample
    private double periodNs; // of its samples
    private int low;         // first sample of the window
    private int high;        // one past the last
    // the block before it
    private boolean started;
    private boolean done;
    private int epoch;
    private boolean counts;
    private long nextCount;
    private long sequence;
    private long hostNs;
    private int lastFrames;
    private double lastPeriodNs;
    private double reachedNs;
    // the run
    private boolean gap;
    private boolean exact;
    private long frames;
    private double fromNs;
    private double toNs;

    /**
     * @param cursor over all blocks of which samples may belong to the window, and more
     * @param map newest of the source, or null
     */
    SampleWalk(LogCursor cursor, ClockMap map, long startNs, long endNs) {
        this.cursor = cursor;
        this.map = map;
        this.startNs = startNs;
        this.endNs = endNs;
        this.reachedNs = startNs;
    }

    @Override
    public boolean next() {
        if (pending) {
            return run();
        }
        while (!done && cursor.next()) {
            place();
            if (started || low < view.frames()) {
                return bridge() || run();
            }
        }
        return false;
    }

    /** Where the samples of the next block lie in time, and which of them belong to the window. */
    private void place() {
        view.wrap(cursor);
        var item = cursor.descriptor();
        fits = Clocks.fits(map, item);
        periodNs = fits && item.deviceClock() == Descriptor.CLOCK_COUNTER ? map.nsPerTick() : 1e9 / view.rateHz();
        beginNs = fits ? map.canonicalNs(item.deviceTime()) : item.hostTimeNs() - view.frames() * periodNs;
        low = started ? 0 : notBefore(startNs);
        high = endNs == Long.MAX_VALUE ? view.frames() : notBefore(endNs);
        done = high < view.frames();
    }

    /** The first sample of the block that is not before an instant; as many as it has when all are. */
    private int notBefore(long ns) {
        return (int) Math.max(0, Math.min(view.frames(), Math.ceil((ns - beginNs) / periodNs)));
    }

    /** True when something is missing before the block: that is the run. */
    private boolean bridge() {
        var item = cursor.descriptor();
        boolean now = item.deviceClock() == Descriptor.CLOCK_COUNTER;
        boolean same = started && item.epoch() == epoch;
        long missing = !same ? 0 : counts && now ? item.deviceTime() - nextCount : lost(item);
        pending = true;
        if (same && missing == 0 || !started && startNs == Long.MIN_VALUE) {
            return false;
        }
        double there = beginNs + low * periodNs;
        toNs = Math.max(reachedNs, Math.min(endNs, there));
        if (started) {
            double elapsed = item.hostTimeNs() - hostNs - view.frames() * periodNs;
            exact = counts && now && missing > 0 && there <= endNs
                    && Math.abs(missing * lastPeriodNs - elapsed) < BELIEVED_NS;
            frames = exact ? missing : Math.round(Math.ceil((toNs - reachedNs) / lastPeriodNs - ROUNDING));
        } else {
            exact = false;
            frames = (long) ((toNs - reachedNs) / periodNs + ROUNDING);
        }
        gap = started || frames > 0;
        fromNs = reachedNs;
        reachedNs = toNs;
        return gap;
    }

    /** Blocks that a source lost which does not count its samples, in samples. */
    private long lost(Descriptor item) {
        long blocks = Math.max(item.sequence() - sequence - 1, item.gapItems());
        return Math.max(0, blocks) * lastFrames;
    }

    /** The part of the block in hand that belongs to the window. */
    private boolean run() {
        pending = false;
        started = true;
        var item = cursor.descriptor();
        epoch = item.epoch();
        counts = item.deviceClock() == Descriptor.CLOCK_COUNTER;
        nextCount = item.deviceTime() + view.frames();
        sequence = item.sequence();
        hostNs = item.hostTimeNs();
        lastFrames = view.frames();
        lastPeriodNs = periodNs;
        gap = false;
        exact = true;
        frames = high - low;
        fromNs = beginNs + low * periodNs;
        toNs = beginNs + high * periodNs;
        reachedNs = toNs;
        return frames > 0;
    }

    @Override
    public boolean isGap() {
        return gap;
    }

    @Override
    public AudioView block() {
        return view;
    }

    @Override
    public int first() {
        return low;
    }

    @Override
    public long frames() {
        return frames;
    }

    @Override
    public boolean isExact() {
        return exact;
    }

    @Override
    public long fromNs() {
        return Math.round(fromNs);
    }

    @Override
    public long toNs() {
        return Math.round(toNs);
    }

    @Override
    public long uncertaintyNs() {
        return fits ? map.uncertaintyNs() : Clocks.statedNs(cursor.format());
    }
}
