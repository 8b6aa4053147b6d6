// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;

/** Takes an analyser away from sources; its results stay. Thread-safe. */
final class DetachCommand extends StageCommand {
    DetachCommand(Services services) {
        super(services, "detach", "take an analyser away; what it found stays");
    }

    @Override
    Answer run(Analyzers analyzers, String analyser, List<List<String>> places, boolean json) {
        var gone = new ArrayList<String>();
        var kept = new ArrayList<String>();
        var causes = new ArrayList<String>();
        for (var at : places) {
            analyzers.detach(analyser, at);
            var left = find(analyzers, analyser, at);
            (left.map(StageStats::users).orElse(0) > 0 ? kept : gone).add(String.join(" with ", at));
            left.filter(stage -> stage.users() == 0).map(StageStats::cause).ifPresent(causes::add);
        }
        return json ? Json.analyser(analyser, "detached", gone, "kept", kept)
                : Answer.of(text(analyser, gone, kept) + String.join("\n", causes));
    }

    /** The stage there after a detach: one that others want, or one that does not end. */
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
}
