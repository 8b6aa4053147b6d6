// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
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
    private long units;
    private long missing;

    Cutter(String source, Parts parts) {
        this.source = source;
        this.parts = parts;
    }

    /** Walks to the end of the window. */
    void walk(ReservoirCursor cursor) throws IOException {
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
            units = layout.unitsOf(cursor);
            parts.item(cursor, units);
            if (!cursor.intact()) {
                throw new IOException("the reservoir overtook the export of " + source + "; export a shorter window");
            }
        }
        if (layout != null) {
            parts.end(missing);
        }
    }

    private boolean continues(Item item) {
        var at = item.descriptor();
        boolean audio = layout instanceof WavLayout; // its blocks may differ in length
        return at.epoch() == epoch && item.format().equals(format) && at.width() == width
        && (audio || at.height() == height);
    }

    private void begin(Item item) throws IOException {
        if (layout != null) {
            parts.end(missing);
        }
        var at = item.descriptor();
        part = layout != null && at.epoch() == epoch ? part + 1 : 1;
        layout = Layout.of(source, item);
        format = item.format();
        epoch = at.epoch();
        width = at.width();
        height = at.height();
        missing = 0;
        parts.begin(layout, epoch, part);
    }

    /** Lost items leave a hole in the sequence; the host's clock bounds what is believed of it. */
    private void bridge(Descriptor at) throws IOException {
        long lost = Math.max(at.sequence() - sequence - 1, at.has(Descriptor.GAP_BEFORE) ? at.gapItems() : 0);
        if (lost > 0) {
            missing += lost;
            double elapsed = Math.max(0, at.hostTimeNs() - hostTimeNs) / 1e9 * layout.rateHz();
            parts.fill(Math.min(lostUnits(at, lost), (long) elapsed + units));
        }
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
