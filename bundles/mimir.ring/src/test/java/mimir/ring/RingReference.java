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

    /** One region: an item a position, how many are shown, and how far the writer has claimed slots. */
    static final class RegionReference {
        final int slots;
        final List<Expected> items = new ArrayList<>();
        long head;
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
    final List<ReaderReference> readers = new ArrayList<>();
    final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    boolean claimed;
    private int epoch;
    private int gap;
    private boolean discontinuity;
    private long sequence;
    private long limit;

    RegionReference region() {
        return regions.getLast();
    }

    /** Another incarnation: in the same region, or in a new one. */
    void open(boolean successor, int slots) {
        if (regions.isEmpty() || successor) {
            regions.add(new RegionReference(slots));
        }
        region().ended = false;
        limit = 0;
        epoch++;
        gap = 0;
        claimed = false;
        discontinuity = true;
    }

    /** What was staged and not shown is gone. */
    void end() {
        region().items.subList((int) region().head, region().items.size()).clear();
        region().ended = true;
        claimed = false;
    }

    /** May the writer claim without taking an item from a LOSSLESS reader? If not, what is staged is shown. */
    boolean awaitRoom() {
        if (!open()) {
            publish();
        }
        return open();
    }

    /** What the writer may claim up to without a look at seats. */
    long limit() {
        return limit;
    }

    private boolean open() {
        if (region().items.size() >= limit) {
            limit = region().slots + readers.stream().mapToLong(reader -> reader.toldIn(regions.size() - 1))
                    .reduce(region().head, Math::min);
        }
        return region().items.size() < limit;
    }

    /** Returns the number that the item is to carry. */
    long claim() {
        claimed = true;
        // what an earlier writer staged and never showed has cost older items already
        region().claims = Math.max(region().claims, region().items.size() + 1L);
        return sequence;
    }

    void commit() {
        stage();
        publish();
    }

    void publish() {
        region().head = region().items.size();
    }

    void stage() {
        int flags = (gap > 0 ? Descriptor.GAP_BEFORE : 0) | (discontinuity ? Descriptor.DISCONTINUITY : 0);
        region().items.add(new Expected(sequence++, epoch, flags, gap));
        gap = 0;
        discontinuity = false;
        claimed = false;
        if (region().items.size() - region().head > region().slots / 2) {
            publish();
        }
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
        return regions.stream().mapToLong(region -> region.head).sum();
    }
}
