// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.Map;
import mimir.api.media.PixelFormat;
import mimir.ring.Abi;
import mimir.ring.RingSpec;

/**
 * What a rig wants of one camera, checked. Immutable.
 *
 * @param id identity of its source
 * @param port where it must be plugged in; null: anywhere
 * @param serial number that it must have; empty: any
 * @param mode size and rate
 * @param format of its frames
 * @param force modes with damaged pictures are taken, too
 * @param lower a lower rate will do where the bus has no room for the one that was asked for
 * @param hangOnStop its native worker will not let go of it, for tests
 * @param controls what to set before the first frame, by name
 */
record Settings(String id, Place port, String serial, Mode mode, PixelFormat format, boolean force, boolean lower,
        boolean hangOnStop, Map<String, Object> controls) {
    /** Bytes of a transfer; many payloads, for each costs a call of the system. */
    static final int TRANSFER_BYTES = 65_536;

    private static final int BT601_LIMITED = 1;
    private static final int LEAST_TRANSFERS = 8;
    private static final int MOST_TRANSFERS = 16;
    private static final int LASTING_MS = 28;

    /** The map is copied. */
    Settings {
        controls = Map.copyOf(controls);
    }

    /** The same camera in another mode. */
    Settings with(Mode other) {
        return new Settings(id, port, serial, other, format, force, lower, hangOnStop, controls);
    }

    /** What it takes of its bus in a second. */
    long bytesPerSecond() {
        return mode.bytesPerSecond(format);
    }

    /**
     * How many transfers wait for what the camera sends. It sends only what was asked for: a machine that does not run
     * the capture thread for longer than they last loses frames.
     */
    int transfers() {
        long bytes = bytesPerSecond() * LASTING_MS / 1000;
        return (int) Math.clamp(Math.ceilDiv(bytes, TRANSFER_BYTES), LEAST_TRANSFERS, MOST_TRANSFERS);
    }

    String modeLabel() {
        return mode.label(format);
    }

    /** The ring that it needs. */
    RingSpec ring() {
        int colour = format == PixelFormat.YUYV ? BT601_LIMITED : 0;
        boolean whole = mode.rateMilliHz() % 1000 == 0;
        var packed = format.packed(mode.width(), mode.height(), colour,
                whole ? mode.rateMilliHz() / 1000 : mode.rateMilliHz(), whole ? 1 : 1000, 0);
        return new RingSpec(id, Abi.ITEM_FRAME, packed.rateHz(), packed.payloadBytes(), packed, RingSpec.Writer.NATIVE);
    }
}
