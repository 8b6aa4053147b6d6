// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;

/** All commands, in the order of help. Immutable. */
final class Commands {
    private final List<Command> all;

    Commands(Services services) {
        all = List.of(new SourcesCommand(services), new RingsCommand(services),
                new ReservoirCommand(services), new ExportCommand(services), new SwapCommand(services),
                new ThreadsCommand(services), new ReportCommand(services), new RigsCommand(services),
                new HelpCommand(this::all), new ExitCommand());
    }

    List<Command> all() {
        return all;
    }
}
