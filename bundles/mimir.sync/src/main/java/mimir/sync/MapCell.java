// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import mimir.api.time.ClockMap;

/**
 * The newest map, published by the one thread that observes and read by any: a sequence lock, so that readers neither
 * lock nor allocate, and try again when a new map comes meanwhile, which is twice a second at most. Single-writer.
 */
public final class MapCell {
    private static final VarHandle VERSION;

    static {
        try {
            VERSION = MethodHandles.lookup().findVarHandle(MapCell.class, "version", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private int version; // 0: no map yet; odd: one is being written
    private int epoch;
    private int segment;
    private long deviceReference;
    private long canonicalReferenceNs;
    private double nsPerTick;
    private double uncertaintyNs;

    MapCell() {
    }

    /** A map as it was at one time. Confined to the reader whose it is. */
    static final class Copy {
        int version;
        int epoch;
        int segment;
        long deviceReference;
        long canonicalReferenceNs;
        double nsPerTick;
        double uncertaintyNs;

        long canonicalNs(long deviceTime) {
            return canonicalReferenceNs + Math.round((deviceTime - deviceReference) * nsPerTick);
        }
    }

    /** Copies the newest map, unless it is the one that was copied last; false: it is, or there is none. */
    boolean copyTo(Copy copy) {
        while (true) {
            int before = (int) VERSION.getAcquire(this);
            if (before <= 1 || before == copy.version) {
                return false;
            }
            copy.epoch = epoch;
            copy.segment = segment;
            copy.deviceReference = deviceReference;
            copy.canonicalReferenceNs = canonicalReferenceNs;
            copy.nsPerTick = nsPerTick;
            copy.uncertaintyNs = uncertaintyNs;
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == (int) VERSION.getOpaque(this)) {
                copy.version = before;
                return true;
            }
            Thread.onSpinWait();
        }
    }

    void publish(int newEpoch, int newSegment, long device, long canonicalNs, double rate, double uncertainty) {
        int next = version + 1;
        VERSION.setOpaque(this, next);
        VarHandle.storeStoreFence();
        epoch = newEpoch;
        segment = newSegment;
        deviceReference = device;
        canonicalReferenceNs = canonicalNs;
        nsPerTick = rate;
        uncertaintyNs = uncertainty;
        VERSION.setRelease(this, next + 1);
    }

    /** Whether there is a map. Any thread; does not block or allocate. */
    public boolean present() {
        return (int) VERSION.getAcquire(this) > 1;
    }

    /** Canonical time of a device time of the newest epoch, ns; 0 without a map. Any thread; does not allocate. */
    public long canonicalNs(long deviceTime) {
        while (true) {
            int before = (int) VERSION.getAcquire(this);
            long at = canonicalReferenceNs + Math.round((deviceTime - deviceReference) * nsPerTick);
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == (int) VERSION.getOpaque(this)) {
                return at;
            }
            Thread.onSpinWait();
        }
    }

    /** Half width of the interval that holds 95 % of the true errors, ns. Any thread; does not allocate. */
    public double uncertaintyNs() {
        while (true) {
            int before = (int) VERSION.getAcquire(this);
            double half = uncertaintyNs;
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == (int) VERSION.getOpaque(this)) {
                return half;
            }
            Thread.onSpinWait();
        }
    }

    /** The map as a record, null without one. Control threads: it allocates. */
    public ClockMap snapshot(String sourceId, String modelId) {
        while (present()) {
            int before = (int) VERSION.getAcquire(this);
            var map = new ClockMap(sourceId, epoch, segment, deviceReference, canonicalReferenceNs, nsPerTick,
                    (long) Math.ceil(uncertaintyNs), modelId);
            VarHandle.loadLoadFence();
            if ((before & 1) == 0 && before == (int) VERSION.getOpaque(this)) {
                return map;
            }
            Thread.onSpinWait();
        }
        return null;
    }
}
