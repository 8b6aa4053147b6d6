// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mimir.api.time.TruthSource;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;
import mimir.ring.Profile;

/** Reads every item of a source and holds it against the {@link Laws}. Confined to one thread. */
final class Follower implements AutoCloseable {
    private static final long LOOK_NS = 20_000_000;

    private final Ring ring;
    private final RingReader reader;
    private TruthSource truth;
    private Note last;
    private long overtaken;

    Follower(Ring ring, Start start) {
        this.ring = ring;
        reader = ring.reader("tck", Profile.EVERY, start);
    }

    /** From now on items are looked up there. */
    Follower knowing(TruthSource source) {
        truth = source;
        return this;
    }

    /** The next item, or null when none came in time. */
    Note next(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            for (var lease = reader.next(); lease != null; lease = reader.next()) {
                var note = Note.of(lease, truth);
                if (lease.release()) {
                    return hold(note);
                }
            }
            if (System.nanoTime() > end) {
                return null;
            }
            reader.await(LOOK_NS);
        }
    }

    /** What this reader itself was too slow for is nobody's fault. */
    private Note hold(Note note) {
        long missed = reader.stats().overtaken();
        Laws.hold(ring.identity(), missed == overtaken ? last : null, note);
        overtaken = missed;
        last = note;
        return note;
    }

    /** The next item; throws {@link Shortfall} when none comes. */
    Note demand(Duration patience) {
        var note = next(patience);
        if (note == null) {
            throw new Shortfall(ring.identity() + " gave no item within " + patience.toMillis() + " ms; its ring is "
                    + ring.stats().stateLabel() + " after " + ring.stats().published() + " items");
        }
        return note;
    }

    /** So many items in a row. */
    List<Note> take(int items, Duration patience) {
        var notes = new ArrayList<Note>(items);
        while (notes.size() < items) {
            notes.add(demand(patience));
        }
        return notes;
    }

    /** Items up to and with the first of an epoch. */
    Note untilEpoch(int epoch, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var note = demand(patience);
            if (note.epoch() >= epoch) {
                return note;
            }
            if (System.nanoTime() > end) {
                throw new Shortfall(ring.identity() + " did not come to epoch " + epoch + " within "
                        + patience.toMillis() + " ms");
            }
        }
    }

    /** All that is there now. */
    int drain() {
        int items = 0;
        while (next(Duration.ZERO) != null) {
            items++;
        }
        return items;
    }

    Note last() {
        return last;
    }

    Ring ring() {
        return ring;
    }

    RingReader reader() {
        return reader;
    }

    @Override
    public void close() {
        reader.close();
    }
}
