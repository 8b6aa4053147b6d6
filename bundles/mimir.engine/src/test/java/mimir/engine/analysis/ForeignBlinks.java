// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Flyweight;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;

/** Results that no stage of the host writes, but the test, as many as it likes. Confined. */
final class ForeignBlinks {
    private final AttachmentLayout layout = AttachmentLayout.of(Blink.class);
    private final Blink view = AttachmentLayout.flyweight(Blink.class);
    private final RingOwner owner;
    private long last;

    ForeignBlinks(Lab lab, String source) {
        var format = ResultDescriptor.format(layout, 0);
        var home = lab.results.home(source, layout, "");
        owner = lab.store.open(new RingSpec(home.identity, Abi.ITEM_RESULT, 60, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        home.opened(owner.ring(), new Progress());
        lab.results.changed();
    }

    /** The result of an item. */
    void write(long sequence) {
        var writer = owner.writer();
        long at = writer.claim();
        ((Flyweight) view).lay(writer.memory(), at, 0);
        view.value(sequence);
        last = sequence;
        var result = writer.descriptor().sequence(sequence).hostTimeNs(HostClock.nowNs())
                .shape(owner.formatId(), 1, 0, layout.bytes());
        ResultDescriptor.completedNs(result, HostClock.nowNs());
        writer.commit();
    }

    /** All that was written so far is overwritten, by the next items of a source that has not published them yet. */
    void overtake() {
        for (long slots = owner.ring().stats().slotCount(); slots >= 0; slots--) {
            write(last + 1);
        }
    }
}
