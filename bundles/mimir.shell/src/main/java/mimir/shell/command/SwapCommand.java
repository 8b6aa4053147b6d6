// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Replaces a driver or analysers while everything else runs. Thread-safe. */
final class SwapCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;

    static final Listing<Swapped.Gap> GAPS = new Listing<>(
            Column.of("SOURCE", "source", Swapped.Gap::source),
            new Column<>("GAP ms", "gapNs", Swapped.Gap::gapNs, SwapCommand::ms),
            Column.of("EPOCH BEFORE", "epochBefore", Swapped.Gap::epochBefore),
            Column.of("AFTER", "epochAfter", Swapped.Gap::epochAfter));

    private static final Listing<Swapped> SWAPS = new Listing<>(
            Column.of("BUNDLE", "bundle", Swapped::bundle),
            Column.of("OUTCOME", "outcome", SwapCommand::outcome),
            new Column<>("GAP ms", "gapNs", Swapped::gapNs, SwapCommand::ms),
            Column.of("REASON", "reason", Swapped::reason),
            Column.of("REFRESHED", "refreshed", swapped -> String.join(" ", swapped.refreshed())));

    private final Services services;

    SwapCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("swap", "replace a driver or a bundle of analysers; the others go on",
                "NAME [FILE…|DIR]", 1, ANY,
                Option.flag("--dry-run", "say what would happen, and touch nothing"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var swapper = services.need(Swapper.class, "mimir.swap");
        var words = given.arguments();
        var files = words.stream().skip(1).flatMap(file -> WholeFile.paths("swap", file).stream()).toList();
        if (given.has("--dry-run")) {
            return PlanText.answer(words.getFirst(), swapper.plan(words.getFirst(), files), given.has("--json"));
        }
        var swapped = swapper.swap(words.getFirst(), files, plan -> tell(plan, progress));
        var answer = given.has("--json") ? json(swapped) : Answer.of(text(swapped));
        return swapped.outcome() == Swapped.Outcome.SWAPPED ? answer : answer.failed(swapped.reason());
    }

    private static void tell(Plan plan, Consumer<String> progress) {
        PlanText.stopping(plan).forEach(progress);
    }

    private static Answer json(Swapped swapped) {
        var values = SWAPS.values(swapped);
        values.put("refreshed", swapped.refreshed());
        values.put("sources", GAPS.values(swapped.sources()));
        values.put("stages", swapped.stages());
        return Json.answer(values);
    }

    private static String text(Swapped swapped) {
        var text = new StringBuilder(swapped.bundle()).append(": ").append(outcome(swapped));
        if (!swapped.refreshed().isEmpty()) {
            text.append(", refreshed ").append(String.join(" and ", swapped.refreshed()));
        }
        if (!swapped.stages().isEmpty()) {
            text.append("\nStages at work again: ").append(String.join("; ", swapped.stages()));
        }
        return text.append('\n').append(swapped.sources().isEmpty() ? "" : GAPS.table(swapped.sources())).toString();
    }

    /** As in reports: {@code rolled-back}. */
    private static String outcome(Swapped swapped) {
        return swapped.outcome().name().toLowerCase().replace('_', '-');
    }

    static String ms(Object ns) {
        return (Long) ns < 0 ? "-" : Column.plain((Long) ns / 1e6);
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return arguments.isEmpty() ? services.find(Swapper.class).map(Swapper::names).orElse(List.of()) : List.of();
    }
}
