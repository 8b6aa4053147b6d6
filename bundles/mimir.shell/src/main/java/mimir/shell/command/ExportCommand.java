// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.recording.Exporter;
import mimir.api.recording.Exporter.Exported;
import mimir.api.reservoir.Missing;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Windows of the reservoir as files, while capture goes on. Thread-safe. */
final class ExportCommand implements Command {
    private static final Listing<Exported> LISTING = new Listing<>(
            Column.of("SOURCE", "source", Exported::source),
            Column.of("FILE", "file", exported -> exported.file() == null ? null : exported.file().toString()),
            Column.of("ITEMS", "items", Exported::items),
            Column.of("LENGTH s", "seconds", Exported::seconds),
            Column.bytes("MiB", "bytes", Exported::bytes),
            Column.of("MISSING", "missing", Exported::missing),
            Column.of("WHY", "why", exported -> exported.missing() == 0 ? null : exported.why().text()),
            Column.hidden("evicted", exported -> exported.why().evicted()),
            Column.hidden("refused", exported -> exported.why().refused()),
            Column.hidden("overtaken", exported -> exported.why().overtaken()),
            Column.hidden("overwritten", exported -> exported.why().overwritten()),
            Column.hidden("lostAtSource", exported -> exported.why().atSource()));

    private final Services services;

    ExportCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("export", "the last seconds or a window as WAV and Y4M, while capture goes on",
                Option.value("--last", "DURATION", "how much, such as 5s"),
                Option.value("--window", "NAME", "instead: this window, which is released then"),
                Option.value("--to", "DIR", "where to; made when it is missing"),
                Option.repeated("--source", List.of("SOURCE"), "only this source; all when left out"),
                Option.flag("--cancel", "gives up the export that runs"), Json.OPTION);
    }

    /** Somebody else's goes on. */
    @Override
    public boolean givenUpAlone() {
        return true;
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        if (given.has("--cancel")) {
            return cancel(given);
        }
        if (given.has("--last") == given.has("--window") || !given.has("--to")) {
            throw new BadInputException("export needs --last DURATION or --window NAME, and --to DIR; usage: "
                    + syntax().usage());
        }
        var written = written(given, progress);
        var answer = given.has("--json") ? Json.answer(LISTING.values(written))
                : Answer.of(written.isEmpty() ? "Nothing to export: the window holds no items."
                : LISTING.table(written));
        var missing = written.stream().map(Exported::why).reduce(Missing.NOTHING, Missing::and);
        return missing.afterSource() == 0 ? answer : answer.failed(incomplete(missing));
    }

    /** What a source lost was never there; what it sent was asked for. */
    private static String incomplete(Missing missing) {
        return "not all that was asked for is in the files (" + missing.text() + "); "
                + (missing.refused() > 0 ? "release windows sooner, or " : missing.evicted() > 0
                ? "ask for less, or " : "") + "give the reservoir more memory with --budget; the files hold the rest";
    }

    private List<Exported> written(Given given, Consumer<String> progress) {
        var lastNs = given.has("--last") ? Durations.parse("--last", given.value("--last", "")).toNanos() : 0;
        var folder = WholeFile.path("export --to", given.value("--to", ""));
        var exporter = services.need(Exporter.class, "mimir.recording");
        var sources = sources(given.values("--source"));
        return given.has("--last") ? exporter.export(sources, lastNs, folder, progress)
                : exporter.exportWindow(given.value("--window", ""), sources, folder, progress);
    }

    private Answer cancel(Given given) {
        if (given.options().size() > 1) {
            throw new BadInputException("export --cancel stands alone; leave the other options out");
        }
        return Answer.of(services.need(Exporter.class, "mimir.recording").cancel()
                ? "The export that runs is given up; its files go." : "No export runs.");
    }

    /** The reservoir keeps sources that are gone. */
    private List<String> sources(List<String> words) {
        var kept = services.find(Reservoir.class).map(Reservoir::sources).orElse(List.of());
        return SourceWords.named(services, words, kept);
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return "--source".equals(option) ? SourceWords.candidates(services)
                : "--window".equals(option) ? services.find(Windows.class).map(Windows::list).orElse(List.of()).stream()
                .filter(Window::kept).map(Window::name).toList() : List.of();
    }
}
