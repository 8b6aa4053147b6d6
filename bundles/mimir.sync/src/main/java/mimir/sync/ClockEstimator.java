// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * Maps one device's clock to the host's from what its items carry: a device time, and when the host saw them. Nothing
 * is set for a device but its nominal rate: window, tolerance, thresholds and interval come from the arrivals.
 * docs/sync.md has the model. Confined to the thread that observes; what it found is read by any through {@link #map}.
 * Allocates nothing after its construction.
 */
public final class ClockEstimator {
    private static final double FIRST_BUCKET_NS = 62.5e6;
    private static final double LAST_BUCKET_NS = 500e6;
    private static final double LAST_GRID_BUCKET_NS = 1e9;
    private static final int LONGER_AT = 80;               // buckets
    private static final int LONGER_ON_GRID_AT = 40;
    private static final double UNKNOWN_SLOPE = 1e-4;      // one sigma of what crystals do
    private static final double ANY_SLOPE = 0.02;
    private static final double AGED_SLOPE = 1e-7;         // one sigma of what a break does to a rate that was known
    private static final int SPREAD_ITEMS = 1024;          // that the mean spread is over
    private static final double FIRST_SPREAD_NS = 50e3;
    private static final double SETTLED_NS = 1e9;          // from the begin of a segment until steps are looked for
    private static final int SETTLED_BUCKETS = 8;
    private static final double ALLOWANCE_NS = 10e3;       // for what is early or late and no step
    private static final double SNAP = 4;                  // gaps that a period must have for a step to be by items
    private static final double READY_DOUBT = 0.75;        // of how late items are ready, by which a bound may be off
    private static final double READY_MOST = 8;            // times that, and nothing is ready as late
    private static final double READY_AT_FIRST = 1 / 3.0;  // of what a grid hides, while nobody knows how late that is
    private static final double ROUNDING_NS = 3e3;         // of a device's time, twice a tick of 1 us

    private final double nominal;
    private final boolean onGrids;
    private final MapCell map = new MapCell();
    private final Arrivals arrivals = new Arrivals();
    private final ServiceGrid grid = new ServiceGrid();
    private final Minima minima = new Minima();
    private final Bucket bucket = new Bucket();
    private final WindowFit envelope;
    private final GridPhase gridPhase = new GridPhase();
    private final GridLine gridLine = new GridLine();
    private final Readiness readiness = new Readiness();
    private final StepWatch steps = new StepWatch();

    private boolean begun;
    private int epoch;
    private int segment;
    private long deviceBase;
    private long hostBase;
    private double skew;           // ns, what steps added to the device's time
    private double bucketNs;
    private double bucketEnd;
    private double spacing;        // of the grid, ns; 0: none
    private double lineU;          // the present line, without the phase of a grid
    private double lineZ;
    private double slope;
    private double slopeSigma = UNKNOWN_SLOPE;
    private double half;
    private double spread = FIRST_SPREAD_NS;
    private int spreadItems = 4;
    private double prior;
    private double priorSigma = UNKNOWN_SLOPE;
    private double priorU;
    private double segmentU;

    /** For a device whose clock nominally takes so many ns for a tick. */
    public ClockEstimator(double nominalNsPerTick) {
        this(nominalNsPerTick, true, true);
    }

    private ClockEstimator(double nominalNsPerTick, boolean oneWay, boolean onGrids) {
        nominal = nominalNsPerTick;
        this.onGrids = onGrids;
        envelope = new WindowFit(oneWay);
    }

    /**
     * For another host's clock in ns that was compared by messages to and fro, the offset taken as half way: errors are
     * on both sides then, and no grid is looked for.
     */
    public static ClockEstimator ofExchanges() {
        return new ClockEstimator(1, false, false);
    }

    /** For another host's clock in ns that is read some time before ours is: no transport has a grid there. */
    public static ClockEstimator ofReadings() {
        return new ClockEstimator(1, true, false);
    }

    /** What was found; for any thread. */
    public MapCell map() {
        return map;
    }

    /**
     * The device begins anew, or for the first time: no offset is carried over; the rate is, as a prior that the items
     * of the new epoch outvote.
     */
    public void epoch(int number) {
        if (begun && minima.size() >= SETTLED_BUCKETS) {
            warm(slope, Math.hypot(slopeSigma, AGED_SLOPE));
        }
        epoch = number;
        begun = false;
    }

    /** Starts with a rate that was known before, as ns of the host in one nominal ns minus 1, and one sigma of it. */
    public void warm(double rate, double sigma) {
        prior = rate;
        priorSigma = sigma;
        slope = rate;
        slopeSigma = sigma;
    }

    /** An item: what the device's clock said, and when the host saw it, ns. */
    public void observe(long device, long hostNs) {
        if (!begun) {
            begin(device, hostNs);
        }
        arrivals.add(device);
        double h = hostNs - hostBase;
        double u = (device - deviceBase) * nominal + skew;
        if (h >= bucketEnd) {
            close(device, h, u);
        }
        if (onGrids) {
            grid.add(h);
        }
        double z = (spacing == 0 ? h : gridPhase.add(h)) - u;
        double r = z - lineZ - slope * (u - lineU);
        boolean follows = arrivals.follows();
        if (steps.watching() && steps.look(r, u, z, h, follows, arrivals.jumped())) {
            step(device);
            return;
        }
        if (spacing > 0) {
            bucket.count(r, follows, spacing);
            readiness.add(r - spacing, arrivals.period() * nominal);
        }
        if (steps.ordinary(r)) {
            bucket.add(r, u, z);
        }
        spreadItems += spreadItems < SPREAD_ITEMS ? 1 : 0;
        spread += (Math.clamp(r, 0, 4 * spread) - spread) / spreadItems;
    }

    /** The last item for now was this one: what waits for the end of its bucket is used at once. For recordings. */
    public void finish(long device, long hostNs) {
        if (begun) {
            close(device, Math.max(bucketEnd, hostNs - hostBase), (device - deviceBase) * nominal + skew);
        }
    }

    private void begin(long device, long hostNs) {
        begun = true;
        segment = 0;
        deviceBase = device;
        hostBase = hostNs;
        skew = 0;
        bucketEnd = 0;
        spacing = 0;
        grid.reset();
        arrivals.reset();
        envelope.reset();
        restart(0);
        lineU = 0;
        lineZ = 0;
    }

    /** A new segment, or a new way to look at it: all minima are forgotten. */
    private void restart(double u) {
        minima.clear();
        bucketNs = FIRST_BUCKET_NS;
        segmentU = u;
        priorU = u;
        steps.stop();
        bucket.clear();
    }

    private void close(long device, double h, double u) {
        bucketEnd += bucketNs * (Math.floor((h - bucketEnd) / bucketNs) + 1);
        if (bucket.empty()) {
            return;
        }
        double period = arrivals.period() * nominal * (1 + slope);
        if (grid.decide(period, arrivals.period() * nominal)) {
            changeGrid(u);
            return;
        }
        boolean many = minima.size() >= (spacing == 0 ? LONGER_AT : LONGER_ON_GRID_AT);
        if (many && bucketNs < (spacing == 0 ? LAST_BUCKET_NS : LAST_GRID_BUCKET_NS)) {
            minima.mergePairs(slope);
            envelope.longer();
            bucketNs *= 2;
        }
        minima.add(bucket.u(), bucket.z(), slack(period, bucket.longest()), spread);
        bucket.clear();
        solve(u, period);
        publish(device, u);
    }

    /**
     * By how much the least of so many items may be above the line, for the phases of the grid that they meet. What is
     * not known of the rate moves those phases, the line below them, and what is least along it.
     */
    private double slack(double period, long items) {
        return spacing == 0 ? 0 : spacing * Rotation.widestGap(period / spacing, items) + 3 * bucketNs * slopeSigma;
    }

    private void changeGrid(double u) {
        spacing = grid.spacing();
        if (spacing > 0) {
            gridPhase.begin(spacing, grid.meanPhase(), grid.scatter());
        }
        gridLine.reset();
        readiness.reset(spacing);
        slope = prior;
        slopeSigma = priorSigma;
        restart(u);
    }

    private void solve(double u, double period) {
        boolean settled = u - segmentU > SETTLED_NS && minima.size() >= SETTLED_BUCKETS;
        if (spacing == 0) {
            double sigma = Math.hypot(priorSigma, envelope.curvature() * (u - priorU));
            envelope.solve(minima, u, prior, sigma * sigma);
            lineZ = envelope.at(u);
            slope = envelope.slope();
            slopeSigma = Math.sqrt(envelope.slopeVariance());
            half = envelope.half(u) + grid.ambiguous();
            double noise = ALLOWANCE_NS + 8 * envelope.noise();
            steps.arm(settled, noise + 1.5 * spread + half, noise + 2 * half, 1, false);
        } else {
            double sigma = Math.hypot(priorSigma, gridLine.curvature() * (u - priorU));
            gridLine.solve(minima, u, prior, sigma < UNKNOWN_SLOPE ? 3 * sigma : ANY_SLOPE,
                    READY_DOUBT * readiness.ns());
            lineZ = gridLine.z();
            slope = gridLine.slope();
            slopeSigma = gridLine.slopeHalf();
            half = gridLine.half() + gridPhase.half();
            readiness.line(settled, gridLine.half() - READY_DOUBT * readiness.ns());
            armOnGrid(settled, period);
        }
        lineU = u;
    }

    private void armOnGrid(boolean settled, double period) {
        double doubt = 2 * (ALLOWANCE_NS + gridLine.half() + gridLine.slopeHalf() * bucketNs);
        long inTest = Math.max(StepWatch.ITEMS, (long) (StepWatch.LEAST_NS / period));
        double gap = spacing * Rotation.widestGap(period / spacing, inTest);
        double ready = READY_MOST * readiness.ns();
        steps.arm(settled, gap + Math.max(ready, READY_AT_FIRST * gap) + doubt, ready + doubt,
                Rotation.enough(period / spacing, StepWatch.ITEMS), readiness.scatters());
    }

    /** What was seen since the step decides the offset; what was known before remains of the rate. */
    private void step(long device) {
        double period = arrivals.period() * nominal * (1 + slope);
        double gap = slack(period, steps.items());
        double jump = -arrivals.takeJump() * nominal * (1 + slope); // what the device itself tells, whole items apart
        double likely = jump + Math.rint((steps.by() - gap / 2 - jump) / period) * period;
        boolean whole = spacing > 0 && period > SNAP * gap
                && Math.abs(steps.by() - gap / 2 - likely) < gap / 2 + gridLine.half();
        segment++;
        if (whole) {
            skew += likely / (1 + slope);
            if (Math.abs(jump) > ROUNDING_NS) {
                gridLine.doubt(steps.u() + likely);
                half += gap;
            }
            steps.stop();
            bucket.clear();
        } else {
            skew += steps.by();
            prior = slope;
            priorSigma = Math.min(slopeSigma, UNKNOWN_SLOPE);
            lineU = steps.u() + steps.by();
            lineZ = steps.z() - steps.by() - gap / 2;
            half += gap / 2 + spread / Math.sqrt(steps.items());
            envelope.restart();
            gridLine.reset();
            restart(lineU);
            bucket.begin(gap / 2, lineU, lineZ + gap / 2, steps.items());
        }
        publish(device, (device - deviceBase) * nominal + skew);
    }

    private void publish(long device, double u) {
        double z = lineZ + slope * (u - lineU) + (spacing == 0 ? 0 : gridPhase.phase());
        map.publish(epoch, segment, device, hostBase + Math.round(u + z), nominal * (1 + rate()), half);
    }

    /** How many ns of the host pass in one nominal ns of the device, minus 1. */
    public double rate() {
        return slope;
    }

    /** Number of the segment within the epoch, from 0. */
    public int segment() {
        return segment;
    }

    /** Spacing of the grid that items arrive on, ns; 0: they arrive on none that is known. */
    public double gridNs() {
        return spacing;
    }

    /** One sigma of what is least late in half a second, ns. */
    public double noiseNs() {
        return spacing == 0 ? envelope.noise() : gridPhase.half();
    }
}
