// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.AttachmentState;
import mimir.bench.analysis.Pair;
import mimir.bench.analysis.Sighting;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * A result of two fields as a stage attaches and shows it, and as anybody reads it who has the item: looked for by
 * epoch and sequence, its fields read, and asked whether it was overwritten meanwhile. Confined.
 */
public final class AttachedPair implements Pair {
    private static final int FRAMES_PER_SECOND = 60;

    private final RingStore store = RingStore.unseen();
    private final BundleRings rings = new BundleRings(store);
    private final Results results = new Results(rings);
    private final Progress progress = new Progress();
    private final Descriptor item = new Descriptor();
    private final RingOwner camera;
    private final Outputs outputs;
    private final AttachmentReader<Sighting> sightings;
    private final long nowNs = HostClock.nowNs();

    /** A camera, whose frames nobody needs, and the ring of its results. */
    public AttachedPair() {
        var made = new Declaration.Made(Sighting.class, AttachmentLayout.of(Sighting.class));
        var format = ResultDescriptor.format(made.layout(), 0);
        camera = open("bench.camera", format.payloadBytes(), made);
        var home = results.home("bench.camera", made.layout(), "");
        var owner = open(home.identity, format.payloadBytes(), made);
        outputs = new Outputs(List.of(new Output(made, home, owner, 0, false)));
        progress.running(true);
        home.opened(owner.ring(), progress);
        results.changed();
        sightings = results.reader("bench.camera", Sighting.class);
    }

    private RingOwner open(String identity, long bytes, Declaration.Made made) {
        return rings.open(new RingSpec(identity, Abi.ITEM_RESULT, FRAMES_PER_SECOND, bytes,
                ResultDescriptor.format(made.layout(), 0), RingSpec.Writer.NATIVE), "mimir.bench");
    }

    @Override
    public void put(long number) {
        item.sequence(number).hostTimeNs(nowNs);
        outputs.begin();
        var sighting = outputs.attach(Sighting.class);
        sighting.item(number);
        sighting.place(number & 1023);
        outputs.commit(item, false, nowNs, false);
        progress.reach(0, number, number);
    }

    @Override
    public long take(long number) {
        if (sightings.look(0, number) != AttachmentState.PRESENT) {
            return -1;
        }
        var sighting = sightings.get();
        long seen = sighting.place() == (number & 1023) ? sighting.item() : -1;
        return sightings.intact() ? seen : -1;
    }

    @Override
    public void close() {
        sightings.close();
        outputs.close();
        camera.close();
        store.close();
    }
}
