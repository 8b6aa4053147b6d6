// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.function.Consumer;
import mimir.api.swap.Deployer;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Brings bundles in; what runs is swapped. Thread-safe. */
final class InstallCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;

    private final Services services;

    InstallCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("install", "bring a bundle in, host and fragment together; one that runs is swapped",
                "FILE…", 1, ANY, Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var deployer = services.need(Deployer.class, "mimir.swap");
        var files = given.arguments().stream().flatMap(file -> WholeFile.paths("install", file).stream()).toList();
        var deployed = deployer.install(files);
        var answer = given.has("--json") ? Json.answer(DeploysCommand.LISTING.values(deployed))
                : Answer.of(DeploysCommand.text(deployed));
        return deployed.stream().filter(one -> one.reason() != null).findFirst()
                .map(one -> answer.failed(one.reason())).orElse(answer);
    }
}
