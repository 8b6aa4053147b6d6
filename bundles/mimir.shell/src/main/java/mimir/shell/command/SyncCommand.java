// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.source.Source;
import mimir.api.sync.RecordedClocks;
import mimir.api.sync.SyncReport;
import mimir.api.sync.SyncReports;
import mimir.api.sync.TruthReport;
import mimir.api.sync.TruthReports;
import mimir.api.time.TruthSource;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** How the clocks of devices stand to canonical time, and how sure that is. Thread-safe. */
final class SyncCommand implements Command {
    private static final String WHO = "mimir.sync";
    private static final double PER_CENT = 100;

    /**
     * A source.
     *
     * @param truth null where nobody tells it
     */
    private record Row(SyncReport report, TruthReport truth) {
        Object ofTruth(Function<TruthReport, Object> what) {
            return truth == null ? null : what.apply(truth);
        }
    }

    private static final Listing<Row> LISTING = new Listing<>(
            Column.of("SOURCE", "source", row -> row.report().map().sourceId()),
            Column.of("EPOCH", "epoch", row -> row.report().map().epoch()),
            Column.of("SEGMENT", "segment", row -> row.report().map().segment()),
            Column.hidden("atNs", row -> row.report().atNs()),
            new Column<>("OFFSET s", "offsetNs", row -> row.report().offsetNs(), SyncCommand::seconds),
            new Column<>("DRIFT ppm", "driftPpm", row -> row.report().driftPpm(), SyncCommand::parts),
            micros("STATED us", "uncertaintyNs", row -> row.report().map().uncertaintyNs()),
            Column.hidden("confidence", row -> row.report().confidence()),
            Column.hidden("residualItems", row -> row.report().residuals().items()),
            Column.hidden("residualLeastNs", row -> row.report().residuals().leastNs()),
            micros("RESIDUAL us", "residualMeanNs", row -> row.report().residuals().meanNs()),
            Column.hidden("residualMostNs", row -> row.report().residuals().mostNs()),
            Column.hidden("noiseNs", row -> row.report().noiseNs()),
            new Column<>("GRID us", "gridNs", row -> row.report().gridNs(), SyncCommand::grid),
            Column.of("MODEL", "model", row -> row.report().map().modelId()),
            Column.of("EVIDENCE", "evidence", row -> row.report().evidence()),
            Column.of("ITEMS", "observations", row -> row.report().observations()),
            micros("TRUE ERROR us", "truthErrorNs", row -> row.ofTruth(TruthReport::errorNs)),
            micros("P95 us", "truthErrorP95Ns", row -> row.ofTruth(TruthReport::errorP95Ns)),
            new Column<>("INSIDE %", "truthInsideShare", row -> row.ofTruth(TruthReport::insideShare),
                    SyncCommand::share),
            Column.hidden("truthSamples", row -> row.ofTruth(TruthReport::samples)),
            micros("DELAY us", "truthDelayNs", row -> row.ofTruth(TruthReport::delayNs)),
            Column.hidden("alarm", row -> row.ofTruth(TruthReport::alarm)));

    /** For {@code --history}: what changes from report to report. */
    private static final Listing<SyncReport> HISTORY = new Listing<>(
            Column.hidden("atNs", SyncReport::atNs),
            Column.hidden("epoch", report -> report.map().epoch()),
            Column.hidden("segment", report -> report.map().segment()),
            Column.hidden("offsetNs", SyncReport::offsetNs),
            Column.hidden("driftPpm", SyncReport::driftPpm),
            Column.hidden("uncertaintyNs", report -> report.map().uncertaintyNs()),
            Column.hidden("residualLeastNs", report -> report.residuals().leastNs()),
            Column.hidden("residualMeanNs", report -> report.residuals().meanNs()),
            Column.hidden("residualMostNs", report -> report.residuals().mostNs()),
            Column.hidden("gridNs", SyncReport::gridNs),
            Column.hidden("observations", SyncReport::observations));

    private final Services services;

    SyncCommand(Services services) {
        this.services = services;
    }

    private static Column<Row> micros(String header, String name, Function<Row, Object> ns) {
        return new Column<>(header, name, ns, value ->
                String.format(Locale.ROOT, "%.1f", ((Number) value).doubleValue() / 1e3));
    }

    private static String seconds(Object ns) {
        return String.format(Locale.ROOT, "%.6f", (Long) ns / 1e9);
    }

    private static String parts(Object ppm) {
        return String.format(Locale.ROOT, "%.3f", (Double) ppm);
    }

    private static String grid(Object ns) {
        return (Double) ns == 0 ? "-" : String.format(Locale.ROOT, "%.0f", (Double) ns / 1e3);
    }

    private static String share(Object share) {
        return String.format(Locale.ROOT, "%.1f", (Double) share * PER_CENT);
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("sync", "how the clocks of devices stand to canonical time, and how sure that is", "[SOURCE]",
                0, 1, Option.value("--plot", "FILE.svg", "offset, stated interval, truth and residuals over time"),
                Option.flag("--history", "with --json: all reports of some twenty minutes"),
                Option.value("--observations", "FILE", "with --for: writes what is observed, for sync-bench"),
                Option.value("--for", "DURATION", "with --observations: for how long"),
                Option.value("--xdf", "FILE", "the clocks of a recording of the Lab Streaming Layer instead"),
                Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        if (given.has("--xdf")) {
            return recorded(given);
        }
        if (given.has("--observations") || given.has("--for")) {
            return observed(given, progress);
        }
        if (given.has("--history") && !given.has("--json")) {
            throw new BadInputException("sync --history is for programs; add --json, or look at --plot FILE.svg");
        }
        var reports = services.need(SyncReports.class, WHO);
        var rows = rows(reports, given.arguments());
        String written = given.has("--plot") ? plot(reports, rows, given.value("--plot", "")) : "";
        if (given.has("--json")) {
            return Json.answer(values(reports, rows, given.has("--history")));
        }
        return Answer.of(rows.isEmpty() ? "No clock is known yet: sources says who publishes, and a device must tell "
                + "its own time." : LISTING.table(rows) + alarms(rows) + written);
    }

    private Answer recorded(Given given) {
        if (given.has("--plot") || given.has("--history") || !given.arguments().isEmpty()) {
            throw new BadInputException("sync --xdf FILE shows a recording as a whole; leave the other words out");
        }
        var clocks = services.need(RecordedClocks.class, WHO).read(WholeFile.path("sync --xdf",
                given.value("--xdf", "")));
        return given.has("--json") ? Json.answer(RecordedClockTable.values(clocks))
                : Answer.of(RecordedClockTable.text(clocks));
    }

    private Answer observed(Given given, Consumer<String> progress) {
        if (!given.has("--observations") || !given.has("--for") || given.has("--plot") || given.has("--json")) {
            throw new BadInputException("sync --observations FILE --for DURATION goes with a source and nothing else");
        }
        long forNs = Durations.parse("--for", given.value("--for", "")).toNanos();
        var file = WholeFile.path("sync --observations", given.value("--observations", ""));
        var sources = services.all(Source.class).stream().sorted(Comparator.comparing(Source::id)).toList();
        var words = given.arguments();
        var named = words.isEmpty() ? null : SourceWords.named(services, words.getFirst());
        var chosen = sources.stream().filter(source -> named == null || named.contains(source.id())).toList();
        if (chosen.isEmpty()) {
            throw new BadInputException(words.isEmpty() ? "there is no source to observe" : "there is no source '"
                    + words.getFirst() + "'" + Names.thereAre(sources.stream().map(Source::id).toList()));
        }
        return Answer.of(new ObservationFile(services.all(TruthSource.class)).write(file, chosen, forNs, progress));
    }

    private List<Row> rows(SyncReports reports, List<String> words) {
        var truths = services.find(TruthReports.class).map(TruthReports::truths).orElse(List.of()).stream()
                .collect(Collectors.toMap(TruthReport::source, Function.identity()));
        var all = reports.reports().stream().map(report -> new Row(report, truths.get(report.map().sourceId())))
                .toList();
        if (words.isEmpty()) {
            return all;
        }
        var named = SourceWords.named(services, words.getFirst());
        var chosen = all.stream().filter(row -> named.contains(row.report().map().sourceId())).toList();
        if (chosen.isEmpty()) {
            throw new BadInputException("the clock of '" + words.getFirst() + "' is not known"
                    + Names.thereAre(all.stream().map(row -> row.report().map().sourceId()).toList()));
        }
        return chosen;
    }

    private static String alarms(List<Row> rows) {
        return rows.stream().filter(row -> row.ofTruth(TruthReport::alarm) != null)
                .map(row -> row.truth().source() + " " + row.truth().alarm() + "\n").collect(Collectors.joining());
    }

    private static List<Map<String, Object>> values(SyncReports reports, List<Row> rows, boolean history) {
        return rows.stream().map(row -> {
            var values = LISTING.values(row);
            if (history) {
                values.put("history", HISTORY.values(reports.history(row.report().map().sourceId())));
            }
            return values;
        }).toList();
    }

    private String plot(SyncReports reports, List<Row> rows, String name) {
        if (!name.toLowerCase(Locale.ROOT).endsWith(".svg")) {
            throw new BadInputException("sync --plot writes SVG; name a file that ends with .svg, not '" + name + "'");
        }
        if (rows.isEmpty()) {
            throw new IllegalStateException("there is nothing to plot: no clock is known yet");
        }
        var truths = services.find(TruthReports.class);
        var panels = rows.stream().map(row -> {
            var id = row.report().map().sourceId();
            return new SyncPanel(id, reports.history(id), row.truth(),
                    truths.map(known -> known.looks(id)).orElse(List.of()));
        }).toList();
        var file = WholeFile.path("sync --plot", name);
        WholeFile.writePrivate(file, SyncPlot.svg(panels));
        return "Plot in " + file + "\n";
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return option == null && arguments.isEmpty() ? SourceWords.candidates(services) : List.of();
    }
}
