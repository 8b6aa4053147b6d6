// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Attachments;
import mimir.api.recording.Triggers;
import mimir.api.recording.Triggers.Trigger;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;
import mimir.ring.HostClock;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Windows of the reservoir: opened by command, by events and by results; listed and let go. Thread-safe. */
final class WindowCommand implements Command {
    private static final List<String> ACTIONS = List.of("open", "on", "list", "release", "off");
    private static final String USUAL_HOLD = "60s";
    private static final double NS = 1e9;

    /** A window and the instant of the look. */
    private record Row(Window window, long nowNs) {
        Double leftS() {
            return window.untilNs() == Long.MAX_VALUE ? null : Math.max(0, window.untilNs() - nowNs) / NS;
        }
    }

    private static final Listing<Row> WINDOWS = new Listing<>(
            Column.of("WINDOW", "name", row -> row.window().name()),
            Column.of("STATE", "state", row -> row.window().state().name().toLowerCase(Locale.ROOT)),
            Column.of("LENGTH s", "seconds", row -> (row.window().toNs() - row.window().fromNs()) / NS),
            Column.bytes("MiB", "bytes", row -> row.window().bytes()),
            Column.of("AGE s", "ageS", row -> (row.nowNs() - row.window().triggerNs()) / NS),
            Column.of("HELD s", "heldS", Row::leftS),
            Column.of("CAUSE", "cause", row -> row.window().cause()),
            Column.of("REASON", "reason", row -> row.window().reason().isEmpty() ? null : row.window().reason()),
            Column.hidden("fromNs", row -> row.window().fromNs()),
            Column.hidden("triggerNs", row -> row.window().triggerNs()),
            Column.hidden("toNs", row -> row.window().toNs()));

    private static final Listing<Trigger> TRIGGERS = new Listing<>(
            Column.of("TRIGGER", "name", Trigger::name),
            Column.of("WHEN", "when", Trigger::when),
            Column.of("BEFORE s", "preS", trigger -> trigger.span().preNs() / NS),
            Column.of("AFTER s", "postS", trigger -> trigger.span().postNs() / NS),
            Column.of("SEEN", "seen", Trigger::seen),
            Column.of("MISSED", "missed", Trigger::missed),
            Column.of("OPENED", "opened", Trigger::opened),
            Column.of("REFUSED", "refused", Trigger::refused),
            Column.of("LAST", "last", trigger -> trigger.last().isEmpty() ? null : trigger.last()));

    private final Services services;

    WindowCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("window", "stretches of the rolling memory that stay until they are exported",
                "[open [NAME]|on SOURCE [EVENT|TYPE FIELD]|list|release NAME|off TRIGGER]", 0, 4,
                Option.value("--pre", "DURATION", "how much before, such as 10s; nothing when left out"),
                Option.value("--post", "DURATION", "how much after; nothing when left out"),
                Option.value("--hold", "DURATION", "how long it is kept once it is complete; " + USUAL_HOLD
                        + " when left out"),
                Option.value("--above", "NUMBER", "with TYPE FIELD: opens when the field rises above it"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var words = given.arguments();
        var action = words.isEmpty() ? "list" : words.getFirst();
        return switch (action) {
            case "list" -> list(given, words, 1);
            case "open" -> open(given, words);
            case "on" -> on(given, words);
            case "release" -> release(words);
            case "off" -> off(words);
            default -> throw new BadInputException("window cannot '" + action + "'; it can "
                    + Names.list(ACTIONS));
        };
    }

    private Windows windows() {
        return services.need(Windows.class, "mimir.reservoir");
    }

    private Triggers triggers() {
        return services.need(Triggers.class, "mimir.recording");
    }

    private Answer list(Given given, List<String> words, int most) {
        count(words, 0, most);
        long now = HostClock.nowNs();
        var rows = windows().list().stream().map(window -> new Row(window, now)).toList();
        var triggers = services.find(Triggers.class).map(Triggers::list).orElse(List.of());
        if (given.has("--json")) {
            return Json.answer("windows", WINDOWS.values(rows), "triggers", TRIGGERS.values(triggers));
        }
        var text = rows.isEmpty() ? "No window was opened; window open --pre 10s keeps the last ten seconds.\n"
                : WINDOWS.table(rows);
        return Answer.of(triggers.isEmpty() ? text : text + "\n" + TRIGGERS.table(triggers));
    }

    private Answer open(Given given, List<String> words) {
        count(words, 1, 2);
        var span = span(given);
        var window = windows().open(new Windows.Request(words.size() > 1 ? words.get(1) : "", "command",
                HostClock.nowNs(), span.preNs(), span.postNs(), span.holdNs()));
        if (window.state() == Window.State.REFUSED) {
            throw new BadInputException("the window is refused: " + window.reason());
        }
        if (given.has("--json")) {
            return Json.answer(WINDOWS.values(new Row(window, HostClock.nowNs())));
        }
        return Answer.of("window " + window.name() + " is kept; export --window " + window.name()
                + " --to DIR writes it");
    }

    private Answer on(Given given, List<String> words) {
        count(words, 2, 4);
        var span = span(given);
        var source = SourceWords.one(services, words.get(1));
        if (words.size() < 4 && given.has("--above")) {
            throw new BadInputException("window on --above needs a type and a field, as in window on " + source
                    + " motion energy --above 0.5 --pre 5s");
        }
        var trigger = words.size() < 4 ? triggers().onEvent(source, words.size() < 3 ? "" : words.get(2), span)
                : triggers().onResult(source, type(source, words.get(2)), words.get(3), above(given), span);
        return given.has("--json") ? Json.answer(TRIGGERS.values(trigger))
                : Answer.of("trigger " + trigger.name() + " opens a window on " + trigger.when());
    }

    /** The newest version of what somebody calls {@code motion}. */
    private String type(String source, String word) {
        var types = services.need(Attachments.class, "mimir.engine").types(source);
        return TypesCommand.fitting(word, types).stream().map(AttachmentLayout::id).reduce((older, newer) -> newer)
                .orElseThrow(() -> new BadInputException("there are no results '" + word + "' of " + source
                        + Names.thereAre(types.stream().map(AttachmentLayout::id).toList())));
    }

    private static double above(Given given) {
        var text = given.value("--above", "");
        if (!text.matches("[-+]?\\d{1,15}(\\.\\d{1,15})?([eE][-+]?\\d{1,3})?")) {
            throw new BadInputException(text.isEmpty() ? "window on with a type and a field needs --above NUMBER"
                    : "--above cannot be '" + text + "': give a number, such as 0.5 or -20");
        }
        return Double.parseDouble(text);
    }

    private static Triggers.Span span(Given given) {
        long pre = duration(given, "--pre", null);
        long post = duration(given, "--post", null);
        if (pre + post == 0) {
            throw new BadInputException("a window needs --pre DURATION, --post DURATION or both, such as --pre 10s");
        }
        return new Triggers.Span(pre, post, duration(given, "--hold", USUAL_HOLD));
    }

    private static long duration(Given given, String option, String otherwise) {
        var text = given.value(option, otherwise);
        return text == null ? 0 : Durations.parse(option, text).toNanos();
    }

    private Answer release(List<String> words) {
        count(words, 2, 2);
        var name = words.get(1);
        if (!windows().release(name, "it was released by command")) {
            throw new BadInputException("no window '" + name + "' is kept" + Names.thereAre(kept()));
        }
        return Answer.of("window " + name + " is released");
    }

    private List<String> kept() {
        return services.find(Windows.class).map(Windows::list).orElse(List.of()).stream().filter(Window::kept)
                .map(Window::name).toList();
    }

    private Answer off(List<String> words) {
        count(words, 2, 2);
        var name = words.get(1);
        if (!triggers().remove(name)) {
            throw new BadInputException("there is no trigger '" + name + "'" + Names.thereAre(names()));
        }
        return Answer.of("trigger " + name + " is gone; the windows that it opened stay");
    }

    private List<String> names() {
        return services.find(Triggers.class).map(Triggers::list).orElse(List.of()).stream().map(Trigger::name).toList();
    }

    private void count(List<String> words, int least, int most) {
        if (words.size() < least || words.size() > most) {
            throw new BadInputException("usage: " + syntax().usage());
        }
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        if (option != null || arguments.size() > 3) {
            return List.of();
        }
        if (arguments.isEmpty()) {
            return ACTIONS;
        }
        return switch (arguments.getFirst()) {
            case "release" -> arguments.size() == 1 ? kept() : List.of();
            case "off" -> arguments.size() == 1 ? names() : List.of();
            case "on" -> what(arguments.subList(1, arguments.size()));
            default -> List.of();
        };
    }

    private List<String> what(List<String> words) {
        if (words.isEmpty()) {
            return SourceWords.candidates(services);
        }
        var types = services.find(Attachments.class).map(all -> all.types(words.getFirst())).orElse(List.of());
        return words.size() == 1 ? types.stream().map(AttachmentLayout::id).toList()
                : TypesCommand.fitting(words.get(1), types).stream().flatMap(type -> type.fields().stream())
                .map(field -> field.length() == 1 ? field.name() : field.name() + ".0").distinct().toList();
    }
}
