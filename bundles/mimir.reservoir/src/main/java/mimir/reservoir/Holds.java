// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.RingHold;

/**
 * The regions in which items of one source stay where its driver wrote them, and the oldest of these items in the one
 * that is still written. A region is held as long as an item of it is there. Single-writer (the ingest thread);
 * {@link #at} may be called by any.
 */
final class Holds {
    private final ReservoirLog log;
    private final Consumer<RingHold> retired;
    private volatile RingHold[] holds = {}; // place = number - 1; null once nothing of it is there
    private long[] items = {};              // that stay in each
    private volatile int now;               // number of the region for the next item, Records.LOG to copy from it
    private int written;                    // number of the newest of them: no other one is written any more
    private long regionId;                  // of the newest item
    private int epoch;                      // of the newest item
    private long tail = Chains.NONE;        // entry of the oldest item that stays there
    private RingHold tailHold;
    private final Descriptor tailItem = new Descriptor();

    /** @param retired takes those of which nothing is there any more; to close them takes its time */
    Holds(ReservoirLog log, Consumer<RingHold> retired) {
        this.log = log;
        this.retired = retired;
    }

    /** Where the payload of an item is to stay: {@link Records#LOG} to be copied, else a number for {@link #at}. */
    int home(Lease item) {
        var descriptor = item.descriptor();
        if (descriptor.handle(1) != regionId || descriptor.epoch() != epoch) {
            enter(item);
        }
        return now;
    }

    /** A ring is opened anew with each epoch, and may be meant to be kept or not. */
    private void enter(Lease item) {
        regionId = item.descriptor().handle(1);
        epoch = item.descriptor().epoch();
        var hold = item.hold();
        int known = hold == null ? Records.LOG : find(regionId);
        if (known > 0) {
            hold.close();
        } else if (hold != null) {
            var more = Arrays.copyOf(holds, holds.length + 1);
            more[holds.length] = hold;
            items = Arrays.copyOf(items, more.length);
            holds = more;
            known = more.length;
            written = known;
            tail = Chains.NONE;
        }
        int former = now;
        now = known;
        if (former > 0 && former != known) {
            retire(former);
        }
    }

    private int find(long region) {
        for (int i = 0; i < holds.length; i++) {
            if (holds[i] != null && holds[i].regionId() == region) {
                return i + 1;
            }
        }
        return Records.LOG;
    }

    private void retire(int number) {
        if (number != now && items[number - 1] == 0) {
            var left = holds.clone();
            left[number - 1] = null;
            var hold = holds[number - 1];
            holds = left;
            retired.accept(hold);
        }
    }

    /** An entry whose item stays was published. */
    void added(long entry) {
        items[now - 1]++;
        if (tail == Chains.NONE) {
            follow(entry);
        }
    }

    /** An entry went, or its payload was copied away. */
    void removed(long entry, int home) {
        if (entry == tail) {
            long next = next(entry);
            if (next == Chains.NONE) {
                tail = next;
            } else {
                follow(next);
            }
        }
        if (--items[home - 1] == 0) {
            retire(home);
        }
    }

    private void follow(long entry) {
        long record = log.record(log.index.position(entry));
        tailItem.load(log.readOnly(), record);
        tailHold = holds[written - 1];
        tail = entry;
    }

    /** The next entry of the source whose item stays there; words of an entry that has just gone are still there. */
    private long next(long entry) {
        long at = entry;
        long next = log.index.next(at);
        while (next != at) {
            if (log.records.home(log.record(log.index.position(next))) == written) {
                return next;
            }
            at = next;
            next = log.index.next(at);
        }
        return Chains.NONE;
    }

    /** Entry of the oldest item that stays in the region that is written, {@link Chains#NONE} for none. */
    long tail() {
        return tail;
    }

    /** That item. */
    Descriptor tailItem() {
        return tailItem;
    }

    /** The ring that it stays in. */
    RingHold tailHold() {
        return tailHold;
    }

    /** The memory of a number; null when it is none any more. Any thread. */
    RingHold at(int number) {
        var all = holds;
        return number > 0 && number <= all.length ? all[number - 1] : null;
    }

    /** The ring that is written now and whose items stay, null when they are copied. Any thread. */
    RingHold current() {
        return at(now);
    }

    /** Memory of all rings that are held, bytes. Any thread. */
    long bytes() {
        return sum(RingHold::bytes);
    }

    /** Of these, there. Any thread. */
    long presentBytes() {
        return sum(RingHold::presentBytes);
    }

    private long sum(ToLongFunction<RingHold> bytes) {
        return Arrays.stream(holds).filter(Objects::nonNull).mapToLong(bytes).sum();
    }

    /** After the end of the ingest thread only. */
    void close() {
        for (var hold : holds) {
            if (hold != null) {
                hold.close();
            }
        }
    }
}
