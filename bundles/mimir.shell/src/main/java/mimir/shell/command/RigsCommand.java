// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.time.Duration;
import java.util.function.Consumer;
import mimir.api.rig.Rigs;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** The rigs that come with Mimir. Thread-safe. */
final class RigsCommand implements Command {
    /** Nobody waited for it before: it may be asked for without a rig. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Listing<String> LISTING = new Listing<>(Column.of("RIG", "name", name -> name));

    private final Services services;

    RigsCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("rigs", "the rigs that --rig knows by name", Json.OPTION);
    }

    @Override
    public boolean needsRig() {
        return false;
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var names = services.await(Rigs.class, PATIENCE).orElseThrow(() -> Services.missing("mimir.engine")).names();
        return given.has("--json") ? Json.answer(LISTING.values(names)) : Answer.of(LISTING.table(names));
    }
}
