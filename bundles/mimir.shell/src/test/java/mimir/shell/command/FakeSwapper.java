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
        stopping.accept(plan(name, given));
        return new Swapped(name, outcome, 1_500_000, outcome == Outcome.SWAPPED ? null : "the new library is broken",
                List.of(name, name + ".native"), List.of(new Gap("cam.1", 1_500_000, 1, 2)), stages(name));
    }

    @Override
    public Plan plan(String name, List<Path> given) {
        var parts = List.of(new Plan.Part(name, "1.0.0", "a".repeat(64), "1.1.0", "b".repeat(64)));
        var refreshed = List.of(name, name + ".native");
        var refusal = outcome == Outcome.REFUSED ? "it exports something" : null;
        return stages(name).isEmpty()
                ? new Plan(List.of("cam.1", "cam.2"), List.of(), List.of(), refreshed, parts, refusal)
                : new Plan(List.of(), List.of("flow", "grey"), stages(name), refreshed, parts, refusal);
    }

    @Override
    public Swapped restart(String source) {
        boolean done = outcome == Outcome.SWAPPED;
        return new Swapped("mimir.driver.sim", done ? outcome : Outcome.FAILED, 2_000_000,
                done ? null : source + " could not be restarted: it is gone", List.of(),
                done ? List.of(new Gap(source, 2_000_000, 3, 4)) : List.of(), List.of());
    }

    @Override
    public List<String> journal() {
        var part = "{\"name\":\"a\",\"sha256Before\":\"" + "a".repeat(64) + "\",\"sha256Given\":\"" + "b".repeat(64)
                + "\",\"sha256After\":\"" + "b".repeat(64) + "\"}";
        return List.of("{\"time\":\"2026-01-02T03:04:05Z\",\"what\":\"swap\",\"bundle\":\"a\",\"outcome\":\"swapped\","
                + "\"reason\":null,\"gapNs\":1500000,\"parts\":[" + part + "]}", "{damaged}");
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
