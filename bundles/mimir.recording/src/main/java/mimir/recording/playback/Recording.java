// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import mimir.ring.Abi;
import mimir.ring.RingFormat;

/** Something recorded, item after item. Confined to the decoder, which opens it as well. */
sealed interface Recording extends AutoCloseable permits ImageSequence, WavRecording, Rehearsal {
    /** What its items look like; the rate is in frames or sample frames per second. */
    RingFormat format();

    /** {@link Abi#ITEM_FRAME} or {@link Abi#ITEM_AUDIO}. */
    default int itemKind() {
        return Abi.ITEM_FRAME;
    }

    /** Items per second. */
    default double itemsPerSecond() {
        return format().rateHz();
    }

    /** How many items are decoded ahead of their time. */
    int ahead();

    /**
     * Decodes the next item, from the beginning again after the last one when it loops.
     *
     * @return false when there is no further item
     * @throws IOException when the recording cannot go on; the message is one sentence
     */
    boolean fill(Slot slot) throws IOException;

    /** Closes its files. */
    @Override
    void close();
}
