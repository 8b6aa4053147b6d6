// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import mimir.api.sync.StreamAlignment;
import mimir.api.sync.StreamAlignments;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** How far two streams are apart by what is in them. Thread-safe. */
final class AlignCommand implements Command {
    private static final String USUAL = "15s";
    private static final Listing<StreamAlignment> LISTING = new Listing<>(
            Column.of("FIRST", "first", StreamAlignment::first),
            Column.of("SECOND", "second", StreamAlignment::second),
            Column.of("EVIDENCE", "evidence", StreamAlignment::evidence),
            Column.hidden("atNs", found -> orNull(found.atNs())),
            number("OFFSET ms", "offsetNs", StreamAlignment::offsetNs, 1e6, "%.4f"),
            number("+- us", "uncertaintyNs", StreamAlignment::uncertaintyNs, 1e3, "%.1f"),
            number("DRIFT ppm", "driftPpb", StreamAlignment::driftPpb, 1e3, "%.3f"),
            number("+- ppm", "driftUncertaintyPpb", StreamAlignment::driftUncertaintyPpb, 1e3, "%.3f"),
            number("CONFIDENCE", "confidence", StreamAlignment::confidence, 1, "%.4f"),
            Column.hidden("runnerUp", found -> orNull(found.runnerUp())),
            Column.of("PIECES", "pieces", StreamAlignment::pieces),
            Column.hidden("reason", StreamAlignment::reason));

    private final Services services;

    AlignCommand(Services services) {
        this.services = services;
    }

    private static Column<StreamAlignment> number(String header, String name,
            Function<StreamAlignment, Double> what, double unit, String format) {
        return new Column<>(header, name, found -> orNull(what.apply(found)), value ->
                String.format(Locale.ROOT, format, (Double) value / unit));
    }

    private static Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("align", "how far two streams are apart by what is in them", "FIRST SECOND", 2, 2,
                Option.value("--last", "DURATION", "how far to look back, 1 to 120 s; " + USUAL + " when left out"),
                Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        double seconds = Durations.parse("--last", given.value("--last", USUAL)).toNanos() / 1e9;
        var found = services.need(StreamAlignments.class, "mimir.sync").align(
                SourceWords.one(services, given.arguments().getFirst()),
                SourceWords.one(services, given.arguments().getLast()), seconds);
        return given.has("--json") ? Json.answer(LISTING.values(found))
                : Answer.of(LISTING.table(List.of(found)) + found.reason());
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return option == null && arguments.size() < 2 ? SourceWords.candidates(services) : List.of();
    }
}
