// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.rig.Devices;
import mimir.api.rig.Devices.Alias;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Names of one's own for sources. Thread-safe. */
final class AliasCommand implements Command {
    private static final Listing<Alias> LISTING = new Listing<>(
            Column.of("ALIAS", "name", Alias::name),
            Column.of("SOURCE", "source", Alias::source),
            Column.of("MODEL", "model", alias -> told(alias.identity().model())),
            Column.of("SERIAL", "serial", alias -> told(alias.identity().serial())),
            Column.of("PATH", "path", alias -> told(alias.identity().path())),
            Column.of("KEPT", "kept", alias -> alias.kept() ? "always" : "with the rig"),
            Column.of("HERE", "here", alias -> alias.here() ? "yes" : "no"));

    private final Services services;

    AliasCommand(Services services) {
        this.services = services;
    }

    private static String told(String text) {
        return text.isEmpty() ? null : text;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("alias", "names of your own for sources; they are kept, and follow the device",
                "[SOURCE NAME]", 0, 2, Option.flag("--list", "the aliases that there are"),
                Option.value("--remove", "NAME", "take an alias away"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var words = given.arguments();
        if (words.size() == 1 || !words.isEmpty() && (given.has("--list") || given.has("--remove"))) {
            throw new BadInputException("alias needs a source and a name, as in alias sim.camera.1 left; usage: "
                    + syntax().usage());
        }
        var devices = services.need(Devices.class, "mimir.engine");
        var done = "";
        if (given.has("--remove")) {
            devices.removeAlias(given.value("--remove", ""));
            done = given.value("--remove", "") + " is no alias any more";
        } else if (!words.isEmpty()) {
            done = words.getLast() + " is " + devices.alias(words.getFirst(), words.getLast());
        }
        if (given.has("--json")) {
            return Json.answer(LISTING.values(devices.aliases()));
        }
        if (!done.isEmpty()) {
            return Answer.of(done);
        }
        return Answer.of(devices.aliases().isEmpty() ? "There is no alias; alias SOURCE NAME makes one."
                : LISTING.table(devices.aliases()));
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        if (option != null) {
            return services.find(Devices.class).map(Devices::aliases).orElse(List.of()).stream().map(Alias::name)
                    .toList();
        }
        return arguments.isEmpty() ? SourceWords.candidates(services) : List.of();
    }
}
