// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Flyweight;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.Ring;
import mimir.ring.RingOwner;
import mimir.ring.RingWriter;

/** One type of result that a stage writes. Single-writer: the stage's strand; made and closed by control threads. */
final class Output implements AutoCloseable {
    final Class<? extends Attachment> type;
    final ResultHome home;
    private static final long NOWHERE = Long.MIN_VALUE;
    private static final String NOWHERE_SAID = Long.toString(NOWHERE).substring(0, 13); // any field's, as text

    private final long fieldBytes;
    private final long mostTailBytes;
    private final RingOwner owner;
    private final RingWriter writer;
    private final Slate slate;
    private final Attachment view;
    private final Flyweight laid;
    private boolean claimed;
    private long tailBytes;

    /** @param inPlace whether results with a tail are written where they are read */
    Output(Declaration.Made made, ResultHome home, RingOwner owner, long mostTailBytes, boolean inPlace) {
        this.type = made.type();
        this.home = home;
        this.fieldBytes = made.layout().bytes();
        this.mostTailBytes = mostTailBytes;
        this.owner = owner;
        this.writer = owner.writer();
        this.view = AttachmentLayout.flyweight(made.type());
        this.laid = (Flyweight) view;
        this.slate = new Slate(writer, fieldBytes, mostTailBytes, inPlace && mostTailBytes > 0);
    }

    Ring ring() {
        return owner.ring();
    }

    boolean fits(long tail) {
        return tail >= 0 && tail <= mostTailBytes;
    }

    /** The place of this item's result, made at the first call. */
    Attachment claim(long tail) {
        if (!claimed) {
            if (!fits(tail)) {
                throw tooLong(tail);
            }
            laid.lay(slate.memory(), slate.claim(), tail);
            tailBytes = tail;
            claimed = true;
        }
        return view;
    }

    private IllegalArgumentException tooLong(long tail) {
        return new IllegalArgumentException("a tail of " + home.layout.id() + " has " + tail + " bytes, tailBytes said "
                + mostTailBytes + "; correct one of them");
    }

    /** Shows the result, if there is one. */
    boolean commit(Descriptor item, long firstSample, int sampleFrames, long nowNs, boolean late) {
        if (!claimed) {
            return false;
        }
        claimed = false;
        slate.finish(tailBytes);
        var result = writer.descriptor();
        result.sequence(item.sequence()).hostTimeNs(item.hostTimeNs()).deviceTime(item.deviceClock(), firstSample)
                .shape(owner.formatId(), item.epoch(), sampleFrames, fieldBytes + tailBytes);
        ResultDescriptor.completedNs(result, nowNs);
        if (late) {
            result.addFlags(Descriptor.LATE);
        }
        leave();
        writer.commit();
        return true;
    }

    /** Gives the result up, if there is one. */
    void abort() {
        if (claimed) {
            claimed = false;
            leave();
            writer.abort(DropReason.ABORTED);
        }
    }

    /** Who kept the view writes nowhere until the next claim: results that others read stay as they are. */
    private void leave() {
        laid.lay(slate.memory(), NOWHERE, 0);
    }

    /** True of what the JVM says when a view is used that {@link #leave} has led nowhere. */
    static boolean isOfKeptView(Throwable thrown, String said) {
        return thrown instanceof IndexOutOfBoundsException && said.contains(NOWHERE_SAID);
    }

    /** The strand has ended: the ring ends and stays readable. */
    @Override
    public void close() {
        slate.close();
        owner.close();
    }

    /** The strand did not end: the region is left to it for ever, the next stage gets another one. */
    void park() {
        owner.park();
    }
}
