// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.api.recording.Exporter;
import mimir.api.recording.Exporter.Exported;
import mimir.api.reservoir.Reservoir;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Windows of the reservoir as files, while capture goes on. Thread-safe. */
final class ExportCommand implements Command {
    private static final Listing<Exported> LISTING = new Listing<>(
            Column.of("SOURCE", "source", Exported::source),
            Column.of("FILE", "file", exported -> exported.file().toString()),
            Column.of("ITEMS", "items", Exported::items),
            Column.of("LENGTH s", "seconds", Exported::seconds),
            Column.bytes("MiB", "bytes", Exported::bytes),
            Column.of("MISSING", "missing", Exported::missing));

    private final Services services;

    ExportCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("export", "the last seconds as WAV and Y4M, while capture goes on",
                Option.needed("--last", "DURATION", "how much, such as 5s"),
                Option.needed("--to", "DIR", "where to; made when it is missing"),
                Option.repeated("--source", List.of("SOURCE"), "only this source; all when left out"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        long lastNs = Durations.parse("--last", given.value("--last", "")).toNanos();
        var folder = WholeFile.path("export --to", given.value("--to", ""));
        var written = services.need(Exporter.class, "mimir.recording")
                .export(sources(given.values("--source")), lastNs, folder, progress);
        if (given.has("--json")) {
            return Json.answer(LISTING.values(written));
        }
        return Answer.of(written.isEmpty() ? "Nothing to export: the window holds no items." : LISTING.table(written));
    }

    /** The reservoir keeps sources that are gone. */
    private List<String> sources(List<String> words) {
        var kept = services.find(Reservoir.class).map(Reservoir::sources).orElse(List.of());
        return SourceWords.named(services, words, kept);
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return "--source".equals(option) ? SourceWords.candidates(services) : List.of();
    }
}
