// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.HostClock;
import mimir.ring.RingException;
import mimir.ring.RingOwner;
import mimir.ring.RingWriter;

/**
 * Publishes one recording at its own pace: item n is due at start + n / rate, whatever happened before, so that nothing
 * adds up. Two threads meet here: the decoder fills slots, the pacer empties them; single-writer on both sides, the two
 * counters order the hand-over.
 */
final class Player {
    private static final long MOST_LATE_NS = 500_000_000;
    private static final long LOOK_AGAIN_NS = 5_000_000;
    private static final int MOST_AT_ONCE = 64;

    private final Recording recording;
    private final RingWriter writer;
    private final int formatId;
    private final boolean audio;
    private final double nsPerUnit;
    private final Slot[] slots;
    private final AtomicLong filled = new AtomicLong(); // written by the decoder
    private final AtomicLong taken = new AtomicLong();  // written by the pacer
    private volatile boolean complete;                  // the decoder has no further item
    private volatile boolean primed;
    private volatile long startNs;
    private volatile String fault;
    private long missed;  // the pacer's: items that the time line went on without
    private long counted; // the pacer's
    private long units;   // the pacer's: frames or sample frames before the next item

    /** Plays into the ring of {@code owner}. */
    Player(Recording recording, RingOwner owner) {
        this.recording = recording;
        this.writer = owner.writer();
        this.formatId = owner.formatId();
        this.audio = recording.itemKind() == Abi.ITEM_AUDIO;
        this.nsPerUnit = 1e9 / recording.format().rateHz();
        this.slots = new Slot[recording.ahead()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
        }
    }

    /** True when the first items are decoded and it may start. */
    boolean primed() {
        return primed;
    }

    boolean started() {
        return startNs != 0;
    }

    /** Why it cannot go on, or null. */
    String fault() {
        return fault;
    }

    /** Publishes nothing any more, from the pacer's next turn on. Any thread. */
    void fail(String sentence) {
        fault = sentence;
    }

    /** Begins to publish at an instant of the host clock. Decoder's thread. */
    void start(long atNs) {
        startNs = atNs;
    }

    /** Items to decode in one turn: sound is cheap, and must not wait a turn of pictures for each block. */
    int atOnce() {
        return audio ? slots.length : 1;
    }

    /** Decodes one item if there is room. Decoder's thread; false when there was nothing to do. */
    boolean decode() {
        long at = filled.get();
        if (complete || fault != null || at - taken.get() == slots.length) {
            primed = true;
            return false;
        }
        try {
            complete = !recording.fill(slots[(int) (at % slots.length)]);
        } catch (IOException broken) {
            fail(broken.getMessage());
            return false;
        }
        if (!complete) {
            filled.set(at + 1);
        }
        return true;
    }

    /**
     * Publishes what is due. Pacer's thread; allocates nothing.
     *
     * @return host time of the next look, ns
     */
    long play(long nowNs) {
        if (startNs == 0 || fault != null) {
            return Long.MAX_VALUE;
        }
        for (int n = 0; n < MOST_AT_ONCE; n++) {
            long at = taken.get();
            if (at == filled.get()) {
                return complete ? Long.MAX_VALUE : nowNs + LOOK_AGAIN_NS;
            }
            var slot = slots[(int) (at % slots.length)];
            long due = due(slot);
            if (due > nowNs) {
                return due;
            }
            if (nowNs - due > MOST_LATE_NS) {
                goOn(slot, nowNs - due);
            }
            publish(slot, at + missed);
            units += unitsOf(slot);
            taken.set(at + 1);
        }
        return nowNs;
    }

    /**
     * The machine or the decoder was too slow: the time line goes on without the items that should have come meanwhile,
     * counted and told as a gap, instead of pouring out late what was missed.
     */
    private void goOn(Slot slot, long lateNs) {
        long items = (long) (lateNs / (unitsOf(slot) * nsPerUnit));
        writer.drop(DropReason.OVERRUN, items);
        missed += items;
        units += items * unitsOf(slot);
    }

    private long unitsOf(Slot slot) {
        return audio ? slot.height() : 1;
    }

    /** Items published or passed over since the last call. Pacer's thread. */
    long newlyPlayed() {
        long before = counted;
        counted = taken.get();
        return counted - before;
    }

    /** A picture is due when its time begins; a block when its last sample has passed, as from a device. */
    private long due(Slot slot) {
        return startNs + (long) ((units + (audio ? slot.height() : 0)) * nsPerUnit);
    }

    private void publish(Slot slot, long sequence) {
        if (slot.corrupt()) {
            writer.drop(DropReason.CORRUPT, 1);
            return;
        }
        try {
            writer.claim();
            writer.copyIn(slot.memory(), slot.offset(), 0, slot.bytes());
            writer.descriptor().sequence(sequence).hostTimeNs(HostClock.nowNs())
                    .deviceTime(Descriptor.CLOCK_COUNTER, units)
                    .shape(formatId, recording.format().width(), slot.height(), slot.bytes()).crc32c(slot.crc32c());
            writer.commit();
        } catch (RingException cut) {
            fault = cut.getMessage();
        } catch (InternalError pageIsGone) { // a file behind the ring was cut under the copy
            fault = "the file of the ring was cut short by another program; the source has ended";
        }
    }

    /** True when everything was published and the recording does not loop. Any thread. */
    boolean ended() {
        return complete && taken.get() == filled.get();
    }

    /** Closes the recording. Only when the decoder has let go. */
    void close() {
        recording.close();
    }
}
