// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Attachments;
import mimir.api.source.Source;
import mimir.ring.Ring;
import mimir.ring.Rings;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** What analysers found: the newest results of a source, or those that come. Thread-safe. */
final class ResultsCommand implements Command {
    private static final int USUAL = 10;

    private final Services services;

    ResultsCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("results", "what analysers found: the newest of each type, or those that come",
                "SOURCE [TYPE]", 1, 2,
                Option.value("--last", "DURATION", "all of the last seconds, such as 5s"),
                Option.value("--from", "-DURATION", "all from then on, such as -10s, as far as the reservoir reaches"),
                Option.value("--to", "-DURATION", "up to then; now when left out"),
                Option.value("--follow", "DURATION", "those that come, for so long"),
                Option.value("--limit", "N", "at most so many of each type; " + USUAL + " when left out"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var text = new StringBuilder();
        var answer = run(given, progress, line -> text.append(line).append('\n'));
        return text.isEmpty() ? answer : Answer.of(text + answer.text());
    }

    @Override
    public Answer run(Given given, Consumer<String> progress, Consumer<String> lines) {
        var attachments = services.need(Attachments.class, "mimir.engine");
        var source = source(given.arguments().getFirst());
        var wanted = given.arguments().size() > 1 ? given.arguments().getLast() : null;
        var layouts = layouts(attachments, source, wanted);
        var stretch = Stretch.of(given);
        int limit = limit(given, stretch.isGiven() || given.has("--follow") ? Integer.MAX_VALUE : USUAL);
        if (given.has("--follow")) {
            long lastNs = stretch.fromNs();
            long forNs = Durations.parse("--follow", given.value("--follow", "")).toNanos();
            try (var follower = new ResultFollower(attachments, source, layouts, lastNs, limit, given.has("--json"))) {
                return Answer.of(follower.follow(forNs, progress, lines));
            }
        }
        var found = layouts.stream().map(layout -> ResultWindow.read(attachments, source, layout, stretch, limit))
                .toList();
        return given.has("--json") ? Json.answer(found.stream().map(ResultWindow::json).toList())
                : Answer.of(String.join("\n", found.stream().map(ResultWindow::text).toList()));
    }

    /** A ring stays when its source is gone. */
    private String source(String word) {
        boolean ring = services.find(Rings.class).stream().flatMap(rings -> rings.list().stream())
                .map(Ring::identity).anyMatch(word::equals);
        return ring ? word : SourceWords.one(services, word);
    }

    private static int limit(Given given, int otherwise) {
        if (!given.has("--limit")) {
            return otherwise;
        }
        var text = given.value("--limit", "");
        if (!text.matches("[1-9]\\d{0,6}")) {
            throw new BadInputException("--limit cannot be '" + text + "': give a number from 1 to 9999999");
        }
        return Integer.parseInt(text);
    }

    private List<AttachmentLayout> layouts(Attachments attachments, String source, String wanted) {
        var types = attachments.types(source);
        if (types.isEmpty()) {
            throw nothing(source);
        }
        if (wanted == null) {
            return types;
        }
        var fitting = TypesCommand.fitting(wanted, types);
        if (fitting.isEmpty()) {
            throw new BadInputException("there are no results '" + wanted + "' of " + source
                    + Names.thereAre(types.stream().map(AttachmentLayout::id).toList()));
        }
        return fitting;
    }

    private BadInputException nothing(String source) {
        var sources = services.all(Source.class).stream().map(Source::id).sorted().toList();
        var known = Stream.concat(sources.stream(), services.find(Rings.class).stream()
                .flatMap(rings -> rings.list().stream()).map(Ring::identity)).anyMatch(source::equals);
        if (!known) {
            return new BadInputException("there is no source '" + source + "'" + Names.thereAre(sources));
        }
        var names = services.find(Analyzers.class).map(Analyzers::kinds).orElse(List.of()).stream()
                .map(Analyzers.Kind::name).toList();
        return new BadInputException("nothing was attached to " + source + " so far: attach " + source
                + " ANALYSER begins it" + Names.thereAre(names));
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        if (option != null) {
            return option.equals("--from") || option.equals("--to") ? Stretch.USUAL : List.of();
        }
        var attachments = services.find(Attachments.class);
        if (arguments.isEmpty()) {
            return SourceWords.candidates(services);
        }
        return attachments.stream().flatMap(all -> new ArrayList<>(all.types(arguments.getFirst())).stream())
                .map(AttachmentLayout::id).toList();
    }
}
