// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;

/** Keeps stages as an engine does and looks at nothing: flow, which needs grey, level and pair. Confined. */
class FakeAnalyzers implements Analyzers {
    final List<StageStats> stages = new ArrayList<>();
    final List<String> diary = new ArrayList<>();
    String refused = "";
    String trouble = "";

    @Override
    public List<Kind> kinds() {
        return List.of(kind("flow", List.of("frame:GREY8"), List.of("mimir.grey@1"), ""),
                kind("grey", List.of("frame"), List.of(), ""), kind("level", List.of("audio"), List.of(), ""),
                kind("pair", List.of("frame", "audio"), List.of(), "lab.Pair has no version"));
    }

    private static Kind kind(String name, List<String> inputs, List<String> needs, String fault) {
        return new Kind(name, "mimir.analysis", inputs, List.of("mimir." + name + "@1"), needs, WorkClass.NORMAL,
                4_000_000, Profile.LATEST, Map.of("threshold", "4"), fault);
    }

    @Override
    public List<StageStats> stages() {
        return List.copyOf(stages);
    }

    static StageStats stage(String name, String source, String state, String cause, long items) {
        return new StageStats(name, List.of(source), Map.of(), WorkClass.NORMAL, state, cause, 1, items, items - 3, 2,
                3, 1, 0, 4, 1_500_000_000, items * 250_000, 900_000, 4_000, new Warm(items / 2, 1, 0, 0),
                new Trial(false, 31, 2));
    }

    @Override
    public void attach(String name, List<String> sources, Map<String, String> parameters, long backNs) {
        diary.add("attach " + name + " " + sources + " " + parameters + (backNs == 0 ? "" : " from -" + backNs));
        if (sources.contains(refused)) {
            throw new BadInputException(refused + " is dark");
        }
        sources.forEach(source -> stages.add(stage(name, source, trouble.isEmpty() ? "running" : "disabled", trouble,
                1)));
        if (name.equals("flow")) {
            stages.add(stage("grey", sources.getFirst(), "running", "", 0));
        }
    }

    @Override
    public void detach(String name, List<String> sources) {
        diary.add("detach " + name + " " + sources);
        if (!stages.removeIf(stage -> stage.name().equals(name) && stage.sources().equals(sources))) {
            throw new BadInputException(name + " is not attached to " + sources.getFirst());
        }
    }

    @Override
    public void enable(String name, List<String> sources) {
        diary.add("enable " + name + " " + sources);
    }
}
