// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import mimir.api.time.TruthSource;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.RingFormat;

/**
 * What an item said of itself, and what is true of it. Immutable.
 *
 * @param trueNs when the device took it, or {@link TruthSource#UNKNOWN}
 */
record Note(int epoch, long sequence, int gapItems, int flags, int sourceId, long hostNs, int clock, long deviceTime,
        RingFormat format, int width, int height, long bytes, Checksum checksum, long trueNs) {

    /** Of an open lease; reads the payload for its checksum. */
    static Note of(Lease lease, TruthSource truth) {
        var item = lease.descriptor();
        long trueNs = truth == null ? TruthSource.UNKNOWN : truth.trueNs(item.epoch(), item.sequence());
        return new Note(item.epoch(), item.sequence(), item.gapItems(), item.flags(), item.sourceId(),
                item.hostTimeNs(), item.deviceClock(), item.deviceTime(), lease.format(), item.width(), item.height(),
                item.payloadBytes(), lease.verify(), trueNs);
    }

    boolean has(int flag) {
        return (flags & flag) == flag;
    }

    /** Device time since another item of the same epoch, ns; 0 when the device tells no time. */
    double deviceNsSince(Note before) {
        return switch (clock) {
            case Descriptor.CLOCK_COUNTER -> (deviceTime - before.deviceTime) * 1e9 / format.rateHz();
            case Descriptor.CLOCK_TICKS -> (deviceTime - before.deviceTime) * 1e9 / format.deviceTickHz();
            default -> 0;
        };
    }

    /** Where it is, for sentences. */
    String place() {
        return "item " + sequence + " of epoch " + epoch;
    }
}
