// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Item;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;

/**
 * One source of a stage: its reader, and the item that is next. Confined to the stage's strand, but for {@link #stats},
 * {@link #past}, {@link #broken} and {@link #close}.
 */
final class Inlet {
    final String source;
    final boolean sound;
    private volatile RingReader reader; // null as long as the past has none
    private volatile Past past;         // null for none, kept for its counts when it is over
    private final Times times;
    private final boolean latest;
    private final FrameView frame;
    private final AudioView audio;
    private final Descriptor taken = new Descriptor(); // an analyser may write into the one that it is shown
    private RingFormat format;
    private Item head;
    private long headNs;
    private long dueNs;
    private boolean live;
    private long newestNs = Long.MIN_VALUE;
    private boolean chosen;
    private int epoch;      // of the last item that was looked at, 0 before the first
    private long sequence;  // the same
    private int begunEpoch;

    /**
     * Over a reader that this closes, or, when that is null, over the past.
     *
     * @param past null for none
     * @param itemKind of the ring
     * @param format what the source sends now
     * @param latest newer items take the place of the one that waits
     */
    Inlet(String source, int itemKind, RingReader reader, Past past, RingFormat format, Times times,
            AttachedResults attached, Profile profile) {
        this.source = source;
        this.sound = itemKind == Abi.ITEM_AUDIO;
        this.reader = reader;
        this.past = past;
        this.live = past == null;
        this.format = format;
        this.times = times;
        this.latest = profile == Profile.LATEST;
        this.frame = new FrameView(attached);
        this.audio = new AudioView(attached);
    }

    /** Finds the next item where there is none in hand. What was overwritten while it waited is let go. */
    boolean fill() {
        if (head != null && !head.intact()) {
            if (!live) {
                past.lost();
            }
            release();
        }
        if (head == null) {
            take(live ? reader.next() : next());
        }
        return head != null;
    }

    private Item next() {
        var item = past.next();
        if (past.isOver()) {
            live = true;
            reader = past.reader();
        }
        return item;
    }

    /** The newest item instead of the one that waits, where the profile wants it so. */
    void renew() {
        if (latest && live) {
            var newer = reader.next();
            if (newer != null) {
                release();
                take(newer);
            }
        }
    }

    private void take(Item item) {
        head = item;
        if (item != null) {
            taken.load(item.descriptor());
            dueNs = live ? taken.hostTimeNs() : HostClock.nowNs();
            headNs = times.canonicalNs(source, item.descriptor());
            newestNs = Math.max(newestNs, headNs);
        }
    }

    Item head() {
        return head;
    }

    /** From when on the time counts that the item in hand may take: since it came, or was its turn. */
    long dueNs() {
        return dueNs;
    }

    /** Of the item in hand. */
    Descriptor taken() {
        return taken;
    }

    /** Canonical time of the item in hand. */
    long headNs() {
        return headNs;
    }

    /** Canonical time up to which all items are known. */
    long newestNs() {
        return newestNs;
    }

    /** Whether the item in hand belongs to the set. */
    void choose(boolean now) {
        chosen = now;
    }

    Item chosen() {
        return chosen ? head : null;
    }

    /** True when the item is the first of its epoch or format. */
    boolean begins() {
        return taken.epoch() != begunEpoch || head.format() != format && !head.format().equals(format);
    }

    void begun() {
        begunEpoch = taken.epoch();
        format = head.format();
    }

    RingFormat format() {
        return format;
    }

    /** Items passed over between the last one that was looked at and the one in hand. */
    long missed() {
        return taken.epoch() == epoch ? Math.max(0, taken.sequence() - sequence - 1) : taken.gapItems();
    }

    FrameView frame() {
        return frame.wrap(head);
    }

    AudioView audio() {
        return audio.wrap(head);
    }

    boolean intact() {
        return head.intact();
    }

    /** True when the analyser has ended the lease of the item in hand, which is not its own. */
    boolean ended() {
        try {
            head.intact();
            return false;
        } catch (IllegalStateException released) {
            return true;
        }
    }

    /** The item in hand was looked at. */
    void done() {
        epoch = taken.epoch();
        sequence = taken.sequence();
        release();
    }

    private void release() {
        if (head instanceof Lease lease) {
            lease.close(); // whether it was overwritten was asked before
        }
        head = null;
        chosen = false;
    }

    /** Account of the reader, to which the past does not belong; null before there is one. */
    ReaderStats stats() {
        var now = reader();
        return now == null ? null : now.stats();
    }

    /** Null for none. */
    Past past() {
        return past;
    }

    private RingReader reader() {
        return reader != null || past == null ? reader : past.reader();
    }

    boolean broken() {
        var now = reader();
        return now != null && now.broken();
    }

    void close() {
        var now = reader();
        if (now != null) {
            now.close();
        }
    }
}
