// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.function.Consumer;
import mimir.api.report.Reporter;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** The account of the run so far. Thread-safe. */
final class ReportCommand implements Command {
    private final Services services;

    ReportCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("report", "the account of the run so far, as JSON",
                Option.value("--to", "FILE", "write it to a file instead"));
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var json = services.need(Reporter.class, "mimir.watch").json();
        if (!given.has("--to")) {
            return Answer.of(json);
        }
        var file = WholeFile.path("report --to", given.value("--to", ""));
        WholeFile.write(file, json);
        return Answer.of("Report in " + file);
    }
}
