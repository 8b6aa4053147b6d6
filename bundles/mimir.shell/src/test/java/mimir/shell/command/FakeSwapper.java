// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Gap;
import mimir.api.swap.Swapped.Outcome;
import mimir.api.swap.Swapper;

/** Swaps nothing, with a given outcome. Confined. */
final class FakeSwapper implements Swapper {
    private final Outcome outcome;
    final List<Path> files = new ArrayList<>();

    FakeSwapper(Outcome outcome) {
        this.outcome = outcome;
    }

    @Override
    public Swapped swap(String name, List<Path> given, Consumer<Plan> stopping) {
        if (!names().contains(name)) {
            throw new BadInputException("no driver " + name);
        }
        files.addAll(given);
        stopping.accept(stages(name).isEmpty() ? new Plan(List.of("cam.1", "cam.2"), List.of(), List.of())
                : new Plan(List.of(), List.of("flow", "grey"), stages(name)));
        return new Swapped(name, outcome, 1_500_000, outcome == Outcome.SWAPPED ? null : "the new library is broken",
                List.of(name, name + ".native"), List.of(new Gap("cam.1", 1_500_000, 1, 2)), stages(name));
    }

    private static List<String> stages(String name) {
        return name.equals("mimir.analysis") ? List.of("flow of cam.1", "grey of cam.1") : List.of();
    }

    @Override
    public List<String> names() {
        return List.of("mimir.analysis", "mimir.driver.sim", "mimir.driver.sim.b");
    }

    @Override
    public List<Swapped> history() {
        return List.of();
    }
}
