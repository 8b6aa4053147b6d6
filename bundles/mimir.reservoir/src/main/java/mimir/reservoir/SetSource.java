// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import mimir.api.time.ClockMap;
import mimir.ring.Item;

/** One source of a {@link SetWalk}: its items by the time of its own clock. Confined; allocates nothing per item. */
final class SetSource {
    private static final long JITTER_NS = 50_000_000; // by which arrivals may lie apart from what their times say

    private final LogCursor cursor; // of the interval
    private final LogCursor free;   // of all that is there
    private final SourceTrack track;
    private final ClockMap map;
    private final long fromNs;
    private final long toNs;
    private LogCursor inHand;
    private long reachedNs = Long.MIN_VALUE; // no item that comes is expected to be earlier
    private boolean fits;
    long timeNs;
    boolean there;  // an item of the interval that was not given out
    boolean chosen; // it belongs to the set

    /** @param map newest of the source, or null */
    SetSource(ReservoirLog log, SourceTrack track, ClockMap map, long fromNs, long toNs) {
        this.track = track;
        this.map = map;
        this.fromNs = fromNs;
        this.toNs = toNs;
        long early = Clocks.EARLY_NS + (map == null ? 0 : map.uncertaintyNs());
        long late = map == null ? 0 : Clocks.LONGEST_DELAY_NS;
        this.cursor = new LogCursor(log, track, fromNs < Long.MIN_VALUE + early ? fromNs : fromNs - early,
                toNs > Long.MAX_VALUE - late ? toNs : toNs + late);
        this.free = new LogCursor(log, track, Long.MIN_VALUE, Long.MAX_VALUE);
        this.inHand = cursor;
    }

    String id() {
        return track.id;
    }

    Item item() {
        return inHand;
    }

    long uncertaintyNs() {
        return fits ? map.uncertaintyNs() : Clocks.statedNs(inHand.format());
    }

    long overtaken() {
        return cursor.overtaken();
    }

    private void time(LogCursor at) {
        inHand = at;
        fits = Clocks.fits(map, at.descriptor());
        timeNs = fits ? map.canonicalNs(at.descriptor().deviceTime()) : at.canonicalNs();
    }

    /** Finds the next item of the interval where there is none in hand. */
    boolean fill() {
        while (!there && cursor.next()) {
            time(cursor);
            reachedNs = Math.max(reachedNs, timeNs);
            there = timeNs >= fromNs && timeNs < toNs;
        }
        return there;
    }

    /** True when no item up to an instant is expected any more. */
    boolean isPast(long ns, ReservoirLog log) {
        long end = log.end();
        return reachedNs > ns || toNs <= ns && reachedNs >= toNs
                || end > log.first() && log.index.key(end - 1) - Clocks.LONGEST_DELAY_NS > Math.min(ns, toNs);
    }

    /** The item in hand was given out. */
    void done() {
        there = false;
    }

    /** The item of the interval that was in hand before a jump is again. */
    void rewind() {
        if (there) {
            time(cursor);
        }
    }

    /**
     * Goes to the item nearest to an instant. Where the source has a clock map all are looked at that came from a
     * little before the instant until a little after an item of the next arrival's time would have come: some have
     * times by the map, and some, of other epochs, by their arrival.
     */
    boolean nearest(long ns) {
        if (!free.nearest(map == null ? ns : Long.MAX_VALUE)) {
            return false;
        }
        time(free);
        if (map == null) {
            return true;
        }
        long delayNs = fits ? free.canonicalNs() - timeNs : 0;
        long best = free.entry();
        long least = Math.abs(timeNs - ns);
        long until = Long.MAX_VALUE;
        for (boolean more = free.before(ns - JITTER_NS); more; more = free.canonicalNs() < until && free.next()) {
            time(free);
            if (Math.abs(timeNs - ns) < least) {
                least = Math.abs(timeNs - ns);
                best = free.entry();
            }
            if (until == Long.MAX_VALUE && free.canonicalNs() >= ns) {
                until = free.canonicalNs() + delayNs + JITTER_NS;
            }
        }
        boolean held = free.goTo(best);
        time(free);
        return held;
    }
}
