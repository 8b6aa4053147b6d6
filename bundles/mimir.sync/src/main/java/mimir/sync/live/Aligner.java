// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.util.Locale;
import mimir.api.BadInputException;
import mimir.api.analysis.Attachments;
import mimir.api.reservoir.Reservoir;
import mimir.api.sync.StreamAlignment;
import mimir.api.sync.StreamAlignments;
import mimir.api.sync.SyncReports;
import mimir.sync.align.Alignment;
import mimir.sync.align.EventAligner;
import mimir.sync.align.Events;
import mimir.sync.align.Finders;
import mimir.sync.align.JTransformsFft;
import mimir.sync.align.LightCodeAligner;
import mimir.sync.align.Limits;
import mimir.sync.align.MotionAligner;
import mimir.sync.align.SoundAligner;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Aligns what the reservoir holds of two sources. Thread-safe; it works on the thread that asks. */
@Component
public final class Aligner implements StreamAlignments {
    private static final double MOST_S = 120;
    private static final double MOST_OFFSET_NS = 400e6; // events may come once a second
    private static final double PARTS = 15;              // of the time looked at, that streams may be apart
    private static final double DRIFT_PPM = 20;         // behind maps that have just begun

    private final Reservoir reservoir;
    private final Attachments attachments;
    private final SyncReports clocks;

    /** Over the memory, the results of analysers and the clock maps. */
    @Activate
    public Aligner(@Reference Reservoir reservoir, @Reference Attachments attachments, @Reference SyncReports clocks) {
        this.reservoir = reservoir;
        this.attachments = attachments;
        this.clocks = clocks;
    }

    @Override
    public StreamAlignment align(String first, String second, double seconds) {
        if (!(seconds >= 1 && seconds <= MOST_S)) {
            throw new BadInputException("streams are aligned over 1 to 120 seconds, not " + seconds);
        }
        long to = reservoir.stats().newestNs();
        long from = to - (long) (seconds * 1e9);
        var a = Content.of(first, reservoir, attachments, new Pieces(clocks.history(first)), from, to);
        var b = Content.of(second, reservoir, attachments, new Pieces(clocks.history(second)), from, to);
        var limits = new Limits(Math.min(MOST_OFFSET_NS, seconds * 1e9 / PARTS), DRIFT_PPM);
        if (a.missing() != null || b.missing() != null) {
            return none(first, second, a.missing() != null ? a.missing() : b.missing());
        }
        var found = compare(a, b, limits);
        return new StreamAlignment(first, second, found.evidence().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                found.atNs(), found.offsetNs(), found.uncertaintyNs(), found.driftPpb(), found.driftUncertaintyPpb(),
                found.confidence(), found.runnerUp(), found.pieces(), found.reason());
    }

    private static StreamAlignment none(String first, String second, String reason) {
        double no = Double.NaN;
        return new StreamAlignment(first, second, "none", no, no, no, no, no, 0, no, 0, reason);
    }

    /** By all that moves, sounds or shines, and if that says nothing by what is short. */
    private static Alignment compare(Content a, Content b, Limits limits) {
        var whole = byAll(a, b, limits);
        if (whole != null && whole.claims()) {
            return whole;
        }
        var events = new EventAligner(limits).align(events(a), events(b));
        return events.claims() || whole == null ? events : whole.also(events.reason());
    }

    private static Alignment byAll(Content a, Content b, Limits limits) {
        if (a.sound() != null && b.light() != null || b.sound() != null && a.light() != null) {
            return a.sound() != null ? byLamp(a, b, limits) : byLamp(b, a, limits).reversed();
        }
        return a.sound() != null && b.sound() != null
                ? new SoundAligner(new JTransformsFft(), limits).align(a.sound(), b.sound())
                : a.motion() != null && b.motion() != null ? new MotionAligner(limits).align(a.motion(), b.motion())
                : null;
    }

    /** The sound is what switches the lamp; frames are taken to be exposed all the time. */
    private static Alignment byLamp(Content switched, Content lit, Limits limits) {
        var lamp = Finders.switching(switched.sound());
        return lamp == null ? Alignment.none("the sound switches no lamp")
                : new LightCodeAligner(limits, lit.light().periodNs(), 0).align(lamp, lit.light());
    }

    private static Events events(Content content) {
        if (content.sound() != null) {
            return Finders.clicks(content.sound());
        }
        return content.motion() != null ? Finders.flashesByMotion(content.motion(), content.motion().periodNs())
                : Finders.flashes(content.light(), content.light().periodNs());
    }
}
