// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import mimir.api.analysis.Analyzers;

/** Lets a disabled stage go on. Thread-safe. */
final class EnableCommand extends StageCommand {
    EnableCommand(Services services) {
        super(services, "enable", "let an analyser that was disabled go on");
    }

    @Override
    Answer run(Analyzers analyzers, String analyser, List<List<String>> places, boolean json) {
        var enabled = new ArrayList<String>();
        for (var at : places) {
            analyzers.enable(analyser, at);
            enabled.add(String.join(" with ", at));
        }
        return json ? Json.answer("analyser", analyser, "enabled", enabled)
                : Answer.of(analyser + " goes on at " + Names.list(enabled));
    }
}
