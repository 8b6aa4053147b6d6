// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;

/**
 * One source of a stage: its reader, and the item that is next. Confined to the stage's strand, but for {@link #stats},
 * {@link #broken} and {@link #close}.
 */
final class Inlet {
    final String source;
    final boolean sound;
    private final RingReader reader;
    private final Times times;
    private final boolean latest;
    private final FrameView frame;
    private final AudioView audio;
    private final Descriptor taken = new Descriptor(); // an analyser may write into the one that it is shown
    private RingFormat format;
    private Lease head;
    private long headNs;
    private long newestNs = Long.MIN_VALUE;
    private boolean chosen;
    private int epoch;      // of the last item that was looked at, 0 before the first
    private long sequence;  // the same
    private int begunEpoch;

    /**
     * Over a reader that this closes.
     *
     * @param itemKind of the ring
     * @param format what the source sends now
     * @param latest newer items take the place of the one that waits
     */
    Inlet(String source, int itemKind, RingReader reader, RingFormat format, Times times, AttachedResults attached,
            Profile profile) {
        this.source = source;
        this.sound = itemKind == Abi.ITEM_AUDIO;
        this.reader = reader;
        this.format = format;
        this.times = times;
        this.latest = profile == Profile.LATEST;
        this.frame = new FrameView(attached);
        this.audio = new AudioView(attached);
    }

    /** Finds the next item where there is none in hand. What was overwritten while it waited is let go. */
    boolean fill() {
        if (head != null && !head.intact()) {
            release();
        }
        if (head == null) {
            take(reader.next());
        }
        return head != null;
    }

    /** The newest item instead of the one that waits, where the profile wants it so. */
    void renew() {
        if (latest) {
            var newer = reader.next();
            if (newer != null) {
                release();
                take(newer);
            }
        }
    }

    private void take(Lease item) {
        head = item;
        if (item != null) {
            taken.load(item.descriptor());
            headNs = times.canonicalNs(source, item.descriptor());
            newestNs = Math.max(newestNs, headNs);
        }
    }

    Lease head() {
        return head;
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

    Lease chosen() {
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
        head.close(); // whether it was overwritten was asked before
        head = null;
        chosen = false;
    }

    ReaderStats stats() {
        return reader.stats();
    }

    boolean broken() {
        return reader.broken();
    }

    void close() {
        reader.close();
    }
}
