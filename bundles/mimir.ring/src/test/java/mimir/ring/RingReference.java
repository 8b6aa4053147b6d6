// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a ring must have done, in plain Java: regions as lists of items, one number for what was claimed. A schedule
 * tells it every step; readers are compared with {@link ReaderReference}. Confined to one thread.
 */
final class RingReference {
    /** What a reader must find. */
    record Expected(long sequence, int epoch, int flags, int gapItems) {
    }

    /** One region: an item a position, and how far the writer has claimed slots, committed or not. */
    static final class RegionReference {
        final int slots;
        final List<Expected> items = new ArrayList<>();
        long claims;
        boolean ended;

        RegionReference(int slots) {
            this.slots = slots;
        }

        /** The slot of a position is its own until the next lap claims it. */
        boolean holds(long position) {
            return claims <= position + slots;
        }
    }

    final List<RegionReference> regions = new ArrayList<>();
    final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    boolean claimed;
    private int epoch;
    private int gap;
    private boolean discontinuity;
    private long sequence;

    RegionReference region() {
        return regions.getLast();
    }

    /** Another incarnation: in the same region, or in a new one. */
    void open(boolean successor, int slots) {
        if (regions.isEmpty() || successor) {
            regions.add(new RegionReference(slots));
        }
        region().ended = false;
        epoch++;
        gap = 0;
        claimed = false;
        discontinuity = true;
    }

    void end() {
        region().ended = true;
        claimed = false;
    }

    /** Returns the number that the item is to carry. */
    long claim() {
        claimed = true;
        region().claims = region().items.size() + 1L;
        return sequence;
    }

    void commit() {
        int flags = (gap > 0 ? Descriptor.GAP_BEFORE : 0) | (discontinuity ? Descriptor.DISCONTINUITY : 0);
        region().items.add(new Expected(sequence++, epoch, flags, gap));
        gap = 0;
        discontinuity = false;
        claimed = false;
    }

    void abort(DropReason reason) {
        drop(reason, 1);
        claimed = false;
    }

    void drop(DropReason reason, int items) {
        drops.merge(reason, (long) items, Long::sum);
        gap += items;
    }

    void nextEpoch() {
        epoch++;
        discontinuity = true;
    }

    int epoch() {
        return epoch;
    }

    long published() {
        return regions.stream().mapToLong(region -> region.items.size()).sum();
    }
}
