// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.engine.analysis.KnownSource;
import mimir.ring.DropReason;
import mimir.ring.RingOwner;
import mimir.ring.Rings;

/** One source of a session: it publishes what its reel holds. Confined. */
final class Feeder implements AutoCloseable {
    private final String id;
    private final Rings rings;
    private RingOwner owner;
    private Reel.Maker maker;
    private Reel reel;
    private long startNs;
    private Outcome.Key published;

    /**
     * A source that has not published yet.
     *
     * @param startNs host time at which its device starts
     */
    Feeder(String id, Rings rings, Reel.Maker maker, long startNs) {
        this.id = id;
        this.rings = rings;
        this.maker = maker;
        this.startNs = startNs;
        open();
    }

    private void open() {
        reel = maker.make();
        owner = rings.open(reel.spec(id), "mimir.tck");
        reel.next();
    }

    KnownSource source() {
        var spec = reel.spec(id);
        return new KnownSource(id, owner.ring(), spec.itemKind(), spec.format(), true);
    }

    /** Host time of the next item. */
    long dueNs() {
        return startNs + reel.dueNs();
    }

    /** What was published last. */
    Outcome.Key published() {
        return published;
    }

    /** Publishes the next item, or loses it. Returns whether it was published. */
    boolean publish() {
        var writer = owner.writer();
        if (reel.restarts()) {
            writer.nextEpoch();
        }
        var loss = reel.loss();
        if (loss == null) {
            reel.write(writer, writer.claim(), owner.formatId());
            var descriptor = writer.descriptor().hostTimeNs(dueNs());
            writer.commit();
            published = new Outcome.Key(descriptor.epoch(), descriptor.sequence());
        } else {
            writer.drop(loss, 1);
        }
        reel.next();
        return loss == null;
    }

    /** Loses some items. */
    void lose(int items) {
        owner.writer().drop(DropReason.MISSING, items);
        for (int i = 0; i < items; i++) {
            reel.next();
        }
    }

    /** The device starts anew: the next epoch begins, and its reel from the beginning. */
    void restart(long atNs) {
        startNs = atNs;
        reel = maker.make();
        reel.next();
        owner.writer().nextEpoch();
    }

    /** The device comes back with another format: the next incarnation of the source. */
    void change(Reel.Maker other, long atNs) {
        startNs = atNs;
        maker = other;
        owner.close();
        open();
    }

    @Override
    public void close() {
        owner.close();
    }
}
