// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.analysis.Analyzers;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Lets a disabled stage go on. Thread-safe. */
final class EnableCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;

    private final Services services;

    EnableCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("enable", "let an analyser that was disabled go on", StageWords.SHAPE, 2, ANY, Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var analyzers = services.need(Analyzers.class, "mimir.engine");
        var words = StageWords.of("enable", given.arguments());
        var enabled = new ArrayList<String>();
        for (var at : words.stages(analyzers)) {
            analyzers.enable(words.analyser(), at);
            enabled.add(String.join(" with ", at));
        }
        return given.has("--json") ? Json.answer("analyser", words.analyser(), "enabled", enabled)
                : Answer.of(words.analyser() + " goes on at " + Names.list(enabled));
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return AttachCommand.stageCandidates(services, arguments);
    }
}
