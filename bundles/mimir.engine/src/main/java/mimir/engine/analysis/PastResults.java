// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.reservoir.RetainedItems;
import mimir.api.reservoir.RetainedItems.Found;
import mimir.ring.Descriptor;
import mimir.ring.Item;

/**
 * Results that their ring holds no more: the reservoir does, if there is one. Confined; allocates nothing. A reservoir
 * that stops in the middle of a look has nothing any more.
 */
final class PastResults implements RetainedItems.Order {
    private RetainedItems items; // null when there is no reservoir, or when it has nothing
    private int by;
    private int epoch;
    private long value;
    private long fromNs = Long.MIN_VALUE + 1;
    private int shownEpoch; // of what was shown last, 0 for nothing
    private long shownSequence;
    private boolean strayed = true; // where next() does not go on

    /** @param now null for none */
    void bind(RetainedItems now) {
        items = now;
        strayed = true;
    }

    boolean any() {
        return items != null;
    }

    /** Goes to the last result that is not after a key of that kind, see {@link ResultDescriptor#BY_ITEM}. */
    private Found seek(int byWhat, int itsEpoch, long itsValue) {
        by = byWhat;
        epoch = itsEpoch;
        value = itsValue;
        strayed = true;
        try {
            return items == null ? Found.NONE : items.seek(this);
        } catch (IllegalStateException stopped) {
            items = null;
            return Found.GONE;
        }
    }

    /** Finds the result of a key: NONE when there is none and never was, GONE when nobody can tell any more. */
    Found look(int byWhat, int itsEpoch, long itsValue) {
        var found = seek(byWhat, itsEpoch, itsValue);
        if (found != Found.THERE) {
            return found;
        }
        var result = items.descriptor();
        boolean right = by == ResultDescriptor.BY_SAMPLE ? ResultDescriptor.holdsSample(result, epoch, value)
                : compare(result) == 0;
        return right ? found : Found.NONE;
    }

    @Override
    public int compare(Descriptor result) {
        return ResultDescriptor.compare(result, by, epoch, value);
    }

    /** {@link #next} begins with the first result from a host time on. */
    void from(long hostTimeNs) {
        fromNs = hostTimeNs;
        shownEpoch = 0;
        strayed = true;
    }

    /** A result was shown, from here or from its ring: {@link #next} goes on after it. */
    void shown(Descriptor result) {
        shownEpoch = ResultDescriptor.epoch(result);
        shownSequence = result.sequence();
    }

    int shownEpoch() {
        return shownEpoch;
    }

    long shownSequence() {
        return shownSequence;
    }

    /** Goes on to the next result; false when there is none now. */
    boolean next() {
        if (strayed && shownEpoch > 0) {
            seek(ResultDescriptor.BY_ITEM, shownEpoch, shownSequence);
        } else if (strayed) {
            seek(ResultDescriptor.BY_TIME, 0, fromNs - 1);
        }
        strayed = false;
        try {
            return items != null && items.next();
        } catch (IllegalStateException stopped) {
            items = null;
            return false;
        }
    }

    /** Those that {@link #next} came too late for, since they were bound. */
    long overtaken() {
        return items == null ? 0 : items.overtaken();
    }

    /** True when nothing of that host time has gone. */
    boolean covers(long hostTimeNs) {
        return items != null && hostTimeNs >= items.edgeNs();
    }

    /** The result in hand. */
    Item item() {
        return items;
    }
}
