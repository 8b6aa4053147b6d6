// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import mimir.api.BadInputException;
import mimir.api.source.AudioSource;
import mimir.api.source.FrameSource;
import mimir.api.source.SourceProperties;
import mimir.api.time.TruthSource;

/** Every mode that is offered delivers what it says, and an impossible one is refused in a sentence. Immutable. */
final class ModeCheck implements Check {
    private static final int LEAST = 12;
    private static final int LONGEST_SENTENCE = 400;

    @Override
    public String name() {
        return "modes";
    }

    @Override
    public String property() {
        return "Every mode that it offers opens and delivers what it says; an impossible one is refused in a sentence.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(60);
    }

    @Override
    public String look(Stand stand) {
        stand.plan().modes().forEach(mode -> delivers(stand, mode));
        stand.plan().impossible().forEach(entry -> refused(stand, entry));
        return stand.plan().modes().size() + " modes deliver what they say, " + stand.plan().impossible().size()
                + " impossible ones were refused";
    }

    private static void delivers(Stand stand, KitPlan.Mode mode) {
        try (var opened = stand.open(mode.device())) {
            declared(opened, mode);
            var follower = opened.follower().knowing(opened.truthIfAny().orElse(null));
            int items = (int) Math.max(LEAST, mode.itemsPerSecond() * 0.1);
            var notes = follower.take(items, stand.effort().patience());
            notes.forEach(note -> delivered(opened.id(), mode, note));
            rate(opened.id(), mode, notes);
        }
    }

    private static void declared(Opened opened, KitPlan.Mode mode) {
        var source = opened.source();
        var format = source.format();
        if (mode.audio() ? !(source instanceof AudioSource) : !(source instanceof FrameSource)) {
            throw new Shortfall(opened.id() + " is no " + mode.kind() + " source; register it under the interface of "
                    + "its kind, too");
        }
        if (!mode.kind().equals(opened.reference().getProperty(SourceProperties.KIND))) {
            throw new Shortfall(opened.id() + " has not the property " + SourceProperties.KIND + "=" + mode.kind()
                    + "; register it with SourceProperties.of");
        }
        if (format.code() != mode.code() || format.width() != mode.width() || format.height() != mode.height()
                || Math.abs(format.rateHz() - mode.rateHz()) > mode.rateHz() / 1000) {
            throw new Shortfall(String.format(Locale.ROOT, "%s says that it sends format %d, %dx%d at %.3f Hz, and its "
                    + "mode is format %d, %dx%d at %.3f Hz", opened.id(), format.code(), format.width(),
                    format.height(), format.rateHz(), mode.code(), mode.width(), mode.height(), mode.rateHz()));
        }
    }

    private static void delivered(String id, KitPlan.Mode mode, Note note) {
        boolean high = mode.audio() ? note.height() > 0 && note.height() <= mode.height()
                : note.height() == mode.height();
        boolean bytes = mode.audio() ? note.bytes() > 0 && note.bytes() <= note.format().payloadBytes()
                : note.bytes() == note.format().payloadBytes();
        if (note.width() != mode.width() || !high || !bytes || note.format().code() != mode.code()) {
            throw new Shortfall(String.format(Locale.ROOT, "%s: %s is %dx%d of format %d in %d bytes, and its mode is "
                    + "%s of format %d", id, note.place(), note.width(), note.height(), note.format().code(),
                    note.bytes(), mode.label(), mode.code()));
        }
    }

    private static void rate(String id, KitPlan.Mode mode, List<Note> notes) {
        var first = notes.getFirst();
        var last = notes.getLast();
        if (first.trueNs() == TruthSource.UNKNOWN || last.trueNs() == TruthSource.UNKNOWN) {
            return; // the check of the truth tells that better
        }
        double rate = (last.sequence() - first.sequence()) * 1e9 / (last.trueNs() - first.trueNs());
        if (Math.abs(rate - mode.itemsPerSecond()) > mode.itemsPerSecond() * 0.02) {
            throw new Shortfall(String.format(Locale.ROOT, "%s takes %.2f items a second, and its mode is %.2f", id,
                    rate, mode.itemsPerSecond()));
        }
    }

    private static void refused(Stand stand, Entry entry) {
        try {
            stand.service().plan(entry.members());
        } catch (BadInputException refused) {
            sentence(entry, refused.getMessage());
            return;
        } catch (RuntimeException other) {
            throw new Shortfall("the impossible " + entry.text() + " is refused by " + other + "; throw a "
                    + "BadInputException with a sentence");
        }
        throw new Shortfall("the impossible " + entry.text() + " is accepted; check entries as a whole in plan");
    }

    private static void sentence(Entry entry, String message) {
        boolean sound = message != null && message.contains(" ") && !message.contains("\n")
                && !message.contains("Exception") && message.length() <= LONGEST_SENTENCE;
        if (!sound) {
            throw new Shortfall("the impossible " + entry.text() + " is refused with '" + message
                    + "', which is no sentence for people");
        }
    }
}
