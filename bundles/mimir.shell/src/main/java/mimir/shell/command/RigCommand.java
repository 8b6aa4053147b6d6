// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.rig.Devices;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** The rig as it runs now, as a file for {@code --rig}. Thread-safe. */
final class RigCommand implements Command {
    private static final String SAVE = "save";

    private final Services services;

    RigCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("rig", "save the rig as it runs now, for --rig FILE", "save FILE", 2, 2);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        if (!given.arguments().getFirst().equals(SAVE)) {
            throw new BadInputException("rig can save and nothing else, not '" + given.arguments().getFirst()
                    + "'; usage: rig save FILE");
        }
        var file = WholeFile.path("rig save", given.arguments().getLast());
        if (!file.toString().endsWith(".json")) {
            throw new BadInputException("rig save " + file + ": give a name that ends in .json, so that --rig takes it"
                    + " for a file");
        }
        WholeFile.write(file, services.need(Devices.class, "mimir.engine").rig());
        return Answer.of("Rig in " + file);
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return arguments.isEmpty() ? List.of(SAVE) : List.of();
    }
}
