// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.api.recording.Snapshots;
import mimir.api.recording.Snapshots.Snapshot;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** The newest frame of a source as a picture. Thread-safe. */
final class SnapshotCommand implements Command {
    private static final Listing<Snapshot> LISTING = new Listing<>(
            Column.of("SOURCE", "source", Snapshot::source),
            Column.of("FILE", "file", taken -> taken.file().toString()),
            Column.of("EPOCH", "epoch", Snapshot::epoch),
            Column.of("SEQUENCE", "sequence", Snapshot::sequence),
            Column.of("WIDTH", "width", Snapshot::width),
            Column.of("HEIGHT", "height", Snapshot::height),
            Column.of("BYTES", "bytes", Snapshot::bytes));

    private final Services services;

    SnapshotCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("snapshot", "the newest frame of a source as a picture", "SOURCE FILE.png", 2, 2,
                Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var snapshots = services.need(Snapshots.class, "mimir.recording");
        var source = SourceWords.one(services, given.arguments().getFirst());
        var file = WholeFile.path("snapshot", given.arguments().getLast());
        var taken = List.of(snapshots.take(source, file));
        return given.has("--json") ? Json.answer(LISTING.values(taken).getFirst()) : Answer.of(LISTING.table(taken));
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return arguments.isEmpty() ? SourceWords.candidates(services) : List.of();
    }
}
