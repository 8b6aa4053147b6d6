// SPDX-License-Identifier: Apache-2.0
package mimir.shell.read;

import mimir.ring.Checksum;
import mimir.ring.HostClock;
import mimir.ring.Lease;

/** What came in some span of time. Confined; taking an item allocates nothing. */
final class Tally {
    final Latencies latencies = new Latencies();
    long items;
    long bytes;
    long checked;
    long wrong;
    long firstSequence;
    long lastSequence;
    int epoch;

    /** Looks at an item where it lies and lets it go; what was overtaken meanwhile does not count. */
    void take(Lease lease, boolean verify, boolean sameClock) {
        var item = lease.descriptor();
        long late = HostClock.nowNs() - item.hostTimeNs();
        long sequence = item.sequence();
        int itsEpoch = item.epoch();
        long length = item.payloadBytes();
        var checksum = verify ? lease.verify() : Checksum.ABSENT;
        if (!lease.release()) {
            return;
        }
        if (sameClock) {
            latencies.record(late);
        }
        firstSequence = items == 0 ? sequence : firstSequence;
        lastSequence = sequence;
        epoch = itsEpoch;
        bytes += length;
        checked += checksum == Checksum.ABSENT ? 0 : 1;
        wrong += checksum == Checksum.WRONG ? 1 : 0;
        items++;
    }

    /** The next span, which begins where this one ended. */
    Tally next() {
        var next = new Tally();
        next.lastSequence = lastSequence;
        next.epoch = epoch;
        return next;
    }

    void add(Tally later) {
        if (later.items > 0) {
            firstSequence = items == 0 ? later.firstSequence : firstSequence;
            lastSequence = later.lastSequence;
            epoch = later.epoch;
        }
        items += later.items;
        bytes += later.bytes;
        checked += later.checked;
        wrong += later.wrong;
        latencies.add(later.latencies);
    }
}
