// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Takes an analyser away from sources; its results stay. Thread-safe. */
final class DetachCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;

    private final Services services;

    DetachCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("detach", "take an analyser away; what it found stays", StageWords.SHAPE, 2, ANY, Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var analyzers = services.need(Analyzers.class, "mimir.engine");
        var words = StageWords.of("detach", given.arguments());
        var name = words.analyser();
        var gone = new ArrayList<String>();
        var kept = new ArrayList<String>();
        var causes = new ArrayList<String>();
        for (var at : words.stages(analyzers)) {
            var id = String.join(" with ", at);
            if (find(analyzers, name, at).map(StageStats::state).equals(Optional.of("stuck"))) {
                progress.accept(name + " of " + id + " is stuck: waits a few seconds for it to return, then gives its"
                        + " thread up");
            }
            analyzers.detach(name, at);
            var left = find(analyzers, name, at);
            (left.map(StageStats::users).orElse(0) > 0 ? kept : gone).add(id);
            left.filter(stage -> stage.users() == 0).map(StageStats::cause).ifPresent(causes::add);
        }
        return given.has("--json") ? Json.analyser(name, "detached", gone, "kept", kept)
                : Answer.of(text(name, gone, kept) + String.join("\n", causes));
    }

    /** The stage there; after a detach one that others want, or one that does not end. */
    private static Optional<StageStats> find(Analyzers analyzers, String name, List<String> at) {
        return analyzers.stages().stream().filter(stage -> stage.name().equals(name) && stage.sources().equals(at))
                .max(Comparator.comparing(StageStats::users));
    }

    private static String text(String name, List<String> gone, List<String> kept) {
        var text = new StringBuilder();
        if (!gone.isEmpty()) {
            text.append(name).append(" is detached from ").append(Names.list(gone)).append('\n');
        }
        if (!kept.isEmpty()) {
            text.append(name).append(" stays at ").append(Names.list(kept)).append(" for those who want it, too\n");
        }
        return text.toString();
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return AttachCommand.stageCandidates(services, arguments);
    }
}
