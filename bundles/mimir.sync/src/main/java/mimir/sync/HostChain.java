// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import mimir.api.time.ClockMap;

/**
 * A device whose host is not this one (a region with another {@code hostClockId}): its clock maps to that host's, and
 * that host's, in ns, to canonical time as if it were a device. Any thread; evaluation does not lock or allocate.
 *
 * @param device maps the device's clock to that host's
 * @param host maps that host's clock to canonical time; one for all devices of that host
 */
public record HostChain(MapCell device, MapCell host) {
    /** Whether both maps are there. */
    public boolean present() {
        return device.present() && host.present();
    }

    /** Canonical time of a device time, ns; 0 without maps. */
    public long canonicalNs(long deviceTime) {
        return present() ? host.canonicalNs(device.canonicalNs(deviceTime)) : 0;
    }

    /** Half width of the interval that holds 95 % of the true errors, ns: both are independent. */
    public double uncertaintyNs() {
        return Math.hypot(device.uncertaintyNs(), host.uncertaintyNs());
    }

    /** Both maps as one, null without them; a break of either clock is a segment. Control threads: it allocates. */
    public ClockMap snapshot(String sourceId, String modelId) {
        var near = device.snapshot(sourceId, modelId);
        var far = host.snapshot(sourceId, modelId);
        return near == null || far == null ? null : compose(near, far);
    }

    /** A map to another host's time, and then that host's to canonical time. Control threads: it allocates. */
    public static ClockMap compose(ClockMap near, ClockMap far) {
        double half = Math.hypot(near.uncertaintyNs(), far.uncertaintyNs());
        return new ClockMap(near.sourceId(), near.epoch(), near.segment() + far.segment() + far.epoch(),
                near.deviceReference(), far.canonicalNs(near.canonicalReferenceNs()),
                near.nsPerTick() * far.nsPerTick(), (long) Math.ceil(half), near.modelId());
    }
}
