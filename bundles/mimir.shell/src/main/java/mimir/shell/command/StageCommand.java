// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** A command about stages that are there. Thread-safe. */
abstract class StageCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;

    private final Services services;
    private final String name;
    private final String help;

    StageCommand(Services services, String name, String help) {
        this.services = services;
        this.name = name;
        this.help = help;
    }

    @Override
    public final Syntax syntax() {
        return Syntax.of(name, help, StageWords.SHAPE, 2, ANY, Json.OPTION);
    }

    @Override
    public final Answer run(Given given, Consumer<String> progress) {
        var analyzers = services.need(Analyzers.class, "mimir.engine");
        var words = StageWords.of(name, given.arguments());
        if (!words.parameters().isEmpty()) {
            throw new BadInputException(name + " takes no parameters: leave out what stands behind "
                    + words.analyser());
        }
        return run(analyzers, words.analyser(), stages(analyzers, words), given.has("--json"));
    }

    private List<List<String>> stages(Analyzers analyzers, StageWords words) {
        var known = analyzers.stages().stream().flatMap(stage -> stage.sources().stream()).toList();
        return words.meant(services, known).stages(analyzers);
    }

    /** Does it at each place: the sources of one stage. */
    abstract Answer run(Analyzers analyzers, String analyser, List<List<String>> places, boolean json);

    @Override
    public final List<String> candidates(String option, List<String> arguments) {
        return AttachCommand.stageCandidates(services, arguments);
    }
}
