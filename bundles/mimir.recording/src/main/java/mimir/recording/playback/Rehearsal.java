// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.lang.foreign.ValueLayout;
import mimir.api.media.PixelFormat;
import mimir.api.work.Worker;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * A recording of nothing, played into a private ring before the first real one: code that the JVM has not compiled yet
 * links and allocates at its first runs, and that must not happen while a source plays. Confined to the pacer.
 */
final class Rehearsal implements Recording {
    private static final int ITEMS = 15_000;
    private static final int BYTES = 64;
    private static final long AHEAD_NS = 1_000_000_000;

    private final RingFormat format = PixelFormat.GREY.packed(BYTES, 1, 0, 1000, 1, 0);
    private final byte[] picture = new byte[BYTES];
    private boolean array;

    Rehearsal() {
    }

    /** Plays, unless the worker is asked to stop. */
    static void run(Worker self) {
        var recording = new Rehearsal();
        var spec = new RingSpec("warm-up.recording", Abi.ITEM_FRAME, 1000, BYTES, recording.format,
                RingSpec.Writer.JAVA);
        try (var store = RingStore.unseen(); var owner = store.open(spec, RecordedSource.DRIVER)) {
            var player = new Player(recording, owner);
            player.start(HostClock.nowNs());
            for (int item = 0; item < ITEMS && !self.stopping(); item++) {
                player.decode();
                player.play(HostClock.nowNs() + AHEAD_NS);
            }
        }
    }

    @Override
    public RingFormat format() {
        return format;
    }

    @Override
    public int ahead() {
        return 2;
    }

    /** Both kinds of memory in turn, as pictures and sound will come. */
    @Override
    public boolean fill(Slot slot) {
        array = !array;
        if (array) {
            slot.useArray(picture, 0, BYTES, 1);
        } else {
            slot.buffer(BYTES).set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
            slot.useBuffer(BYTES, 1);
        }
        return true;
    }

    @Override
    public void close() {
        array = false; // it holds no file
    }
}
