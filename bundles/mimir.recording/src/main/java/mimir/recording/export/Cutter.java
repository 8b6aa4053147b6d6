// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.Descriptor;
import mimir.ring.Item;
import mimir.ring.RingFormat;

/**
 * Walks the items of one source and cuts them into files: one for each epoch, and a further one where size or format
 * changes within it. Where items are missing inside a file it says how many units stand for them, so that time in the
 * file stays right. Confined.
 */
final class Cutter {
    private final Reservoir reservoir;
    private final String source;
    private final Parts parts;
    private Layout layout;
    private RingFormat format;
    private int epoch;
    private int part;
    private int width;
    private int height;
    private long sequence;
    private long deviceTime;
    private long hostTimeNs;
    private long canonicalNs;
    private long units;

    Cutter(Reservoir reservoir, String source, Parts parts) {
        this.reservoir = reservoir;
        this.source = source;
        this.parts = parts;
    }

    /** Walks through a window, canonical time, ns. */
    void walk(long fromNs, long toNs) throws IOException {
        var cursor = reservoir.open(source, fromNs, toNs);
        while (cursor.next()) {
            var at = cursor.descriptor();
            if (layout == null || !continues(cursor)) {
                begin(cursor);
            } else {
                bridge(at);
            }
            sequence = at.sequence();
            deviceTime = at.deviceTime();
            hostTimeNs = at.hostTimeNs();
            canonicalNs = cursor.canonicalNs();
            units = layout.unitsOf(cursor);
            parts.item(cursor, units);
            check(cursor);
        }
        if (layout != null) {
            parts.end();
        }
    }

    /** What was written must have been there all the time, also where its driver might write it anew. */
    private void check(Item item) throws OvertakenException {
        if (!item.intact()) {
            throw new OvertakenException(source);
        }
    }

    private boolean continues(Item item) {
        var at = item.descriptor();
        boolean audio = layout instanceof WavLayout; // its blocks may differ in length
        return at.epoch() == epoch && item.format().equals(format) && at.width() == width
        && (audio || at.height() == height);
    }

    private void begin(ReservoirCursor cursor) throws IOException {
        if (layout != null) {
            parts.end();
        }
        var at = cursor.descriptor();
        part = layout != null && at.epoch() == epoch ? part + 1 : 1;
        layout = Layout.of(source, cursor);
        format = cursor.format();
        epoch = at.epoch();
        width = at.width();
        height = at.height();
        parts.begin(layout, epoch, part, cursor.canonicalNs());
    }

    /** Lost items leave a hole in the sequence; the host's clock bounds what is believed of it. */
    private void bridge(Descriptor at) throws IOException {
        long lost = Math.max(at.sequence() - sequence - 1, at.has(Descriptor.GAP_BEFORE) ? at.gapItems() : 0);
        if (lost > 0) {
            double elapsed = Math.max(0, at.hostTimeNs() - hostTimeNs) / 1e9 * layout.rateHz();
            var before = before();
            parts.fill(before, Math.min(lostUnits(at, lost), (long) elapsed + units));
            check(before);
        }
    }

    /** The item before, where it lies now: its ring may have come round while the disk took its time. */
    private Item before() throws OvertakenException {
        var cursor = reservoir.open(source, canonicalNs, canonicalNs + 1);
        while (cursor.next()) {
            if (cursor.descriptor().sequence() == sequence && cursor.descriptor().epoch() == epoch) {
                return cursor;
            }
        }
        throw new OvertakenException(source);
    }

    /**
     * A clock that counts samples tells the length of the hole exactly; otherwise lost blocks were as long as the one
     * before.
     */
    private long lostUnits(Descriptor at, long lost) {
        boolean counts = layout instanceof WavLayout && at.deviceClock() == Descriptor.CLOCK_COUNTER;
        long counted = counts ? at.deviceTime() - deviceTime - units : 0;
        return counted > 0 ? counted : lost * units;
    }
}
