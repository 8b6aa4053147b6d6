// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.util.function.BooleanSupplier;
import mimir.ring.HostClock;

/** A device in the list of {@link Playback}. Confined to the decoder, but for the player, which the pacer reads. */
final class Entry {
    final Playable device;
    volatile Player player;
    private final BooleanSupplier pacerTurned;
    private boolean failed;
    private boolean ended;
    private long primedNs;

    /** {@code pacerTurned} waits until the pacer has made a turn; false when it does not. */
    Entry(Playable device, BooleanSupplier pacerTurned) {
        this.device = device;
        this.pacerTurned = pacerTurned;
    }

    /** Opens the device or decodes some of it. False when there was nothing to do. */
    boolean decode() {
        if (failed) {
            return false;
        }
        try {
            return player == null ? open() : step(player);
        } catch (IOException | RuntimeException broken) {
            fail(broken.getMessage());
            return true;
        }
    }

    private boolean open() throws IOException {
        player = device.open();
        return true;
    }

    private boolean step(Player playing) {
        if (playing.fault() != null) {
            fail(playing.fault());
            return true;
        }
        int decoded = 0;
        while (decoded < playing.atOnce() && playing.decode()) {
            decoded++;
        }
        if (primedNs == 0 && playing.primed()) {
            primedNs = HostClock.nowNs();
        }
        if (!ended && playing.started() && playing.ended()) {
            ended = true;
            device.ended();
        }
        return decoded > 0;
    }

    private void fail(String sentence) {
        failed = true;
        if (player != null) {
            player.fail(sentence);
        }
        device.failed(sentence, pacerTurned.getAsBoolean());
    }

    /** True when it can start, or never will. */
    boolean settled() {
        return failed || primedNs != 0;
    }

    boolean waits() {
        return !failed && primedNs != 0 && !player.started();
    }

    boolean runs() {
        return player != null && player.started();
    }

    /** When it became ready to start, ns; 0 before. */
    long primedNs() {
        return primedNs;
    }
}
