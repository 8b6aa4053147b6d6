// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.util.function.BiPredicate;

/** An item that somebody keeps where it is, beside what must be true of it. Confined to one thread. */
final class KeptReference implements AutoCloseable {
    private final RingHold hold;
    private final Descriptor item;
    private final RingReference.RegionReference region;
    private final long position;

    KeptReference(Lease lease, RingReference.RegionReference region, long position) {
        hold = lease.hold();
        item = new Descriptor().load(lease.descriptor());
        this.region = region;
        this.position = position;
    }

    /** {@code holds} says whether the item is still there: {@link RingHold#holds}, or a faulty double. */
    void compare(BiPredicate<RingHold, Descriptor> holds) {
        assertEquals(position + region.slots - region.head, hold.ahead(item), "items until the writer comes");
        boolean there = region.holds(position);
        assertEquals(there, holds.test(hold, item), () -> "whole: the kept item of position " + position);
        for (long word = 0; there && word < item.payloadBytes(); word += Long.BYTES) {
            assertEquals(item.sequence(), hold.memory().get(ValueLayout.JAVA_LONG, item.handle(0) + word));
        }
    }

    @Override
    public void close() {
        hold.close();
    }
}
