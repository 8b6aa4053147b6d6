// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mimir.api.swap.Deployed;
import mimir.api.swap.Deployer;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** What came in since the start, and what could not. Thread-safe. */
final class DeploysCommand implements Command {
    static final Listing<Deployed> LISTING = new Listing<>(
            Column.of("BUNDLE", "bundle", Deployed::bundle),
            Column.of("OUTCOME", "outcome", DeploysCommand::outcome),
            Column.hidden("at", one -> one.at().toString()),
            new Column<>("FILES", "files", one -> one.files().stream().map(Path::toString).toList(),
                    files -> ((List<?>) files).stream().map(String::valueOf).collect(Collectors.joining(" "))),
            Column.hidden("reason", Deployed::reason));

    private final Services services;

    DeploysCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("deploys", "what came in by install or out of the folder load, and what could not",
                Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var deployer = services.need(Deployer.class, "mimir.swap");
        var all = deployer.history();
        var folder = deployer.folder().map(Path::toString).orElse(null);
        if (given.has("--json")) {
            return Json.answer("folder", folder, "deploys", LISTING.values(all));
        }
        return Answer.of((folder == null ? "No folder is watched.\n" : "Jars that are dropped into " + folder
                + " come in by themselves.\n") + text(all));
    }

    /** A table, and below it why some are not in. */
    static String text(List<Deployed> all) {
        var reasons = all.stream().filter(one -> one.reason() != null).map(one -> one.bundle() + ": " + one.reason()
                + "\n").collect(Collectors.joining());
        return all.isEmpty() ? "" : LISTING.table(all) + reasons;
    }

    private static String outcome(Deployed deployed) {
        return deployed.outcome().name().toLowerCase().replace('_', '-');
    }
}
