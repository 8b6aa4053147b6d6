// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import mimir.ring.Descriptor;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.Start;
import mimir.sync.ClockEstimator;

/**
 * Reads the descriptors of one source in place and observes its clock. Single-writer: {@link #read} belongs to the
 * worker, {@link #follow} and {@link #close} to control threads; what was found is taken out of {@link #trace} by
 * anybody.
 */
final class SourceClock {
    static final int EPOCH = 0;
    static final int SEGMENT = 1;
    static final int DEVICE = 2;
    static final int CANONICAL_NS = 3;
    static final int NOMINAL = 4;
    static final int RATE = 5;
    static final int HALF_NS = 6;
    static final int NOISE_NS = 7;
    static final int GRID_NS = 8;
    static final int OBSERVATIONS = 9;
    static final int ITEMS = 10;
    static final int LEAST_NS = 11;
    static final int SUM_NS = 12;
    static final int MOST_NS = 13;
    static final int COLUMNS = 14;

    private static final int MOST_AT_ONCE = 2048;         // items, so that no source keeps the others waiting
    private static final long LONGEST_NS = 500_000_000;   // between two rows, as long as items come

    private final Trace trace = new Trace(COLUMNS);
    private final String id;
    private volatile RingReader reader;
    private volatile RingReader next;     // takes over at the next look
    private volatile boolean broken;
    private Ring ring;                    // control threads, guarded by this
    private ClockEstimator estimator;
    private double nsPerTick;
    private boolean begun;
    private int epoch;
    private long observations;
    private int toldSegment;
    private double toldHalf;
    private long toldNs;
    private long items;
    private long leastNs;
    private long mostNs;
    private long sumNs;

    SourceClock(Ring ring, RingFormat format) {
        this.id = ring.identity();
        this.ring = ring;
        this.reader = open(ring);
        this.nsPerTick = 1e9 / (format.deviceTickHz() > 0 ? format.deviceTickHz() : format.rateHz());
        this.estimator = new ClockEstimator(nsPerTick);
        forget();
    }

    private static RingReader open(Ring ring) {
        return ring.reader("sync", Profile.EVERY, Start.OLDEST);
    }

    String id() {
        return id;
    }

    /** What was found: a row for each change of the map. */
    Trace trace() {
        return trace;
    }

    /** The source is there again. Its reader goes on through a swap; a ring that was made anew needs another. */
    synchronized void follow(Ring published) {
        if (next == null && (published != ring || broken)) {
            ring = published;
            next = open(published);
        }
    }

    /** Takes what has come. Returns how many items. */
    int read() {
        if (next != null) {
            change();
        }
        int taken = 0;
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            var item = lease.descriptor();
            boolean tells = item.deviceClock() != Descriptor.CLOCK_NONE && !item.has(Descriptor.NO_TIME_INFO);
            if (tells) {
                look(item, lease.writerHostNs(), lease.format());
            }
            lease.release();
            if (++taken == MOST_AT_ONCE) {
                return taken;
            }
        }
        if (taken == 0 && reader.broken()) {
            broken = true;
        }
        return taken;
    }

    private void change() {
        reader.close();
        reader = next;
        next = null;
        broken = false;
    }

    private void look(Descriptor item, long hostNs, RingFormat format) {
        double nominal = 1e9 / (item.deviceClock() == Descriptor.CLOCK_TICKS ? format.deviceTickHz()
                : format.rateHz());
        if (!begun || item.epoch() != epoch || nominal != nsPerTick) {
            begin(nominal, item.epoch());
        }
        long device = item.deviceTime();
        estimator.observe(device, hostNs);
        observations++;
        if (estimator.map().present()) {
            account(device, hostNs);
        }
    }

    /** Another epoch, or a device that counts otherwise. Allocates for the latter only. */
    private void begin(double nominal, int newEpoch) {
        if (nominal != nsPerTick) {
            estimator = new ClockEstimator(nominal);
            nsPerTick = nominal;
        }
        begun = true;
        epoch = newEpoch;
        toldHalf = estimator.map().uncertaintyNs(); // of the epoch before, whose map stands until there is another
        toldSegment = 0;
        toldNs = 0;
        forget();
        estimator.epoch(newEpoch);
    }

    private void account(long device, long hostNs) {
        double half = estimator.map().uncertaintyNs();
        boolean another = half != toldHalf || estimator.segment() != toldSegment;
        if (!another && toldNs == 0) {
            return; // no map of this epoch yet
        }
        long canonicalNs = estimator.map().canonicalNs(device);
        long residual = hostNs - canonicalNs;
        items++;
        sumNs += residual;
        leastNs = Math.min(leastNs, residual);
        mostNs = Math.max(mostNs, residual);
        if (another || hostNs - toldNs > LONGEST_NS) {
            tell(device, canonicalNs, half);
            forget();
            toldNs = hostNs;
            toldHalf = half;
            toldSegment = estimator.segment();
        }
    }

    private void tell(long device, long canonicalNs, double half) {
        trace.set(EPOCH, epoch);
        trace.set(SEGMENT, estimator.segment());
        trace.set(DEVICE, device);
        trace.set(CANONICAL_NS, canonicalNs);
        trace.set(NOMINAL, nsPerTick);
        trace.set(RATE, estimator.rate());
        trace.set(HALF_NS, half);
        trace.set(NOISE_NS, estimator.noiseNs());
        trace.set(GRID_NS, estimator.gridNs());
        trace.set(OBSERVATIONS, observations);
        trace.set(ITEMS, items);
        trace.set(LEAST_NS, leastNs);
        trace.set(SUM_NS, sumNs);
        trace.set(MOST_NS, mostNs);
        trace.next();
    }

    private void forget() {
        items = 0;
        sumNs = 0;
        leastNs = Long.MAX_VALUE;
        mostNs = Long.MIN_VALUE;
    }

    /** After the end of the worker only. */
    synchronized void close() {
        reader.close();
        if (next != null) {
            next.close();
        }
    }
}
