// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirStats;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** What the rolling memory holds. Thread-safe. */
final class ReservoirCommand implements Command {
    private static final Listing<ReservoirStats> WHOLE = new Listing<>(
            Column.bytes("BUDGET MiB", "budgetBytes", ReservoirStats::budgetBytes),
            Column.bytes("PRESENT MiB", "presentBytes", ReservoirStats::presentBytes),
            Column.bytes("USED MiB", "usedBytes", ReservoirStats::usedBytes),
            Column.bytes("PINNED MiB", "pinnedBytes", ReservoirStats::pinnedBytes),
            Column.of("DEPTH s", "depthS", ReservoirStats::depthS),
            Column.of("EVICTED", "evicted", ReservoirStats::evicted),
            Column.of("REFUSED", "refused", ReservoirStats::refused),
            Column.hidden("edgeNs", ReservoirStats::edgeNs),
            Column.hidden("newestNs", ReservoirStats::newestNs));

    private static final Listing<ReservoirStats.PerSource> SOURCES = listing("SOURCE");
    private static final Listing<ReservoirStats.PerSource> RESULTS = listing("RESULTS");

    private final Services services;

    ReservoirCommand(Services services) {
        this.services = services;
    }

    private static Listing<ReservoirStats.PerSource> listing(String ofWhat) {
        return new Listing<>(
                Column.of(ofWhat, "id", ReservoirStats.PerSource::id),
                Column.of("ITEMS", "items", ReservoirStats.PerSource::items),
                Column.bytes("MiB", "bytes", ReservoirStats.PerSource::bytes),
                Column.of("DISCONTINUITIES", "discontinuities", ReservoirStats.PerSource::discontinuities));
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("reservoir", "what the rolling memory holds", Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var stats = services.need(Reservoir.class, "mimir.reservoir").stats();
        if (given.has("--json")) {
            var values = WHOLE.values(stats);
            values.put("sources", SOURCES.values(stats.sources()));
            values.put("results", RESULTS.values(stats.results()));
            return Json.answer(values);
        }
        var text = String.format(Locale.ROOT, "The last %.1f s of %d sources, in %s of %s MiB%s.%n", stats.depthS(),
                stats.sources().size(), Column.mib(stats.usedBytes()), Column.mib(stats.budgetBytes()),
                growth(stats));
        return Answer.of(text + "\n" + WHOLE.table(List.of(stats)) + "\n" + SOURCES.table(stats.sources())
                + (stats.results().isEmpty() ? "" : "\n" + RESULTS.table(stats.results())));
    }

    /** A host that has to find each page first takes its time: the history is shorter than the budget allows. */
    private static String growth(ReservoirStats stats) {
        return stats.presentBytes() >= stats.budgetBytes() ? "" : ", of which " + Column.mib(stats.presentBytes())
                + " are there";
    }
}
