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
    private static final Listing<ReservoirLook> WHOLE = new Listing<>(
            Column.bytes("BUDGET MiB", "budgetBytes", look -> look.stats().budgetBytes()),
            Column.bytes("PRESENT MiB", "presentBytes", look -> look.stats().presentBytes()),
            Column.bytes("USED MiB", "usedBytes", look -> look.stats().usedBytes()),
            Column.bytes("PINNED MiB", "pinnedBytes", look -> look.stats().pinnedBytes()),
            Column.of("DEPTH s", "depthS", look -> look.stats().depthS()),
            Column.of("FORECAST s", "forecastS", ReservoirLook::forecastS),
            Column.of("EDGE AGE s", "edgeAgeS", ReservoirLook::edgeAgeS),
            Column.of("WINDOWS", "windows", ReservoirLook::windows),
            Column.of("FULL IN s", "fullInS", ReservoirLook::fullInS),
            Column.of("EVICTED", "evicted", look -> look.stats().evicted()),
            Column.of("REFUSED", "refused", look -> look.stats().refused()),
            Column.hidden("edgeNs", look -> look.stats().edgeNs()),
            Column.hidden("newestNs", look -> look.stats().newestNs()));

    private static final Listing<ReservoirLook.Rate> SOURCES = new Listing<>(
            Column.of("SOURCE", "id", rate -> rate.source().id()),
            Column.of("ITEMS", "items", rate -> rate.source().items()),
            Column.bytes("MiB", "bytes", rate -> rate.source().bytes()),
            Column.of("ITEMS/s", "itemsPerS", ReservoirLook.Rate::itemsPerS),
            Column.bytes("MiB/s", "bytesPerS", ReservoirLook.Rate::bytesPerS),
            Column.of("DISCONTINUITIES", "discontinuities", rate -> rate.source().discontinuities()),
            Column.of("KEPT", "kept", rate -> rate.source().inPlace() ? "in place" : "copied"),
            Column.hidden("ringItems", rate -> rate.source().ringItems()),
            Column.hidden("ringBytes", rate -> rate.source().ringBytes()),
            Column.hidden("lost", rate -> rate.source().lost()));

    private static final Listing<ReservoirStats.PerSource> RESULTS = new Listing<>(
            Column.of("RESULTS", "id", ReservoirStats.PerSource::id),
            Column.of("ITEMS", "items", ReservoirStats.PerSource::items),
            Column.bytes("MiB", "bytes", ReservoirStats.PerSource::bytes),
            Column.of("DISCONTINUITIES", "discontinuities", ReservoirStats.PerSource::discontinuities));

    private final Services services;

    ReservoirCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("reservoir", "what the rolling memory holds", Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var look = ReservoirLook.at(services.need(Reservoir.class, "mimir.reservoir"), services);
        if (given.has("--json")) {
            var values = WHOLE.values(look);
            values.put("sources", SOURCES.values(look.rates()));
            values.put("results", RESULTS.values(look.stats().results()));
            return Json.answer(values);
        }
        var stats = look.stats();
        var text = String.format(Locale.ROOT, "The last %.1f s of %d sources, in %s of %s MiB%s.%n", stats.depthS(),
                stats.sources().size(), Column.mib(stats.usedBytes()), Column.mib(stats.budgetBytes()),
                growth(stats));
        return Answer.of(text + "\n" + WHOLE.table(List.of(look)) + "\n" + SOURCES.table(look.rates())
                + (stats.results().isEmpty() ? "" : "\n" + RESULTS.table(stats.results())));
    }

    /** A host that has to find each page first takes its time: the history is shorter than the budget allows. */
    private static String growth(ReservoirStats stats) {
        return stats.presentBytes() >= stats.budgetBytes() ? "" : ", of which " + Column.mib(stats.presentBytes())
                + " are there";
    }
}
