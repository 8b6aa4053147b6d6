// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.Kind;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Which analysers there are, where they are attached and what they did there. Thread-safe. */
final class AnalysersCommand implements Command {
    private static final Listing<Kind> KINDS = new Listing<>(
            Column.of("ANALYSER", "name", Kind::name),
            words("TAKES", "inputs", Kind::inputs),
            words("GIVES", "outputs", Kind::outputs),
            words("NEEDS", "needs", Kind::needs),
            Column.of("CLASS", "class", kind -> kind.workClass().name()),
            new Column<>("BUDGET ms", "budgetNs", Kind::budgetNs, ns -> Column.plain((Long) ns / 1e6)),
            Column.of("PROFILE", "profile", kind -> kind.profile().name()),
            new Column<>("PARAMETERS", "parameters", Kind::parameters, AnalysersCommand::pairs),
            Column.of("BUNDLE", "bundle", Kind::bundle),
            Column.hidden("fault", Kind::fault));

    private static final Listing<StageStats> STAGES = new Listing<>(
            words("SOURCE", "sources", StageStats::sources),
            Column.of("ANALYSER", "name", StageStats::name),
            new Column<>("PARAMETERS", "parameters", StageStats::parameters, AnalysersCommand::pairs),
            Column.of("STATE", "state", StageStats::state),
            Column.of("CLASS", "class", stage -> stage.workClass().name()),
            Column.of("USERS", "users", StageStats::users),
            Column.of("ITEMS", "items", StageStats::items),
            Column.of("RESULTS", "results", StageStats::results),
            Column.of("LATE", "late", StageStats::late),
            Column.of("ABSENT", "absent", StageStats::absent),
            Column.of("MISSES", "misses", StageStats::misses),
            Column.of("TRIAL", "trialItems", stage -> stage.trial().items()),
            Column.of("THEN MISSED", "trialMisses", stage -> stage.trial().misses()),
            Column.of("OVERTAKEN", "overtaken", StageStats::overtaken),
            Column.of("FAILED", "failures", StageStats::failures),
            new Column<>("MEAN us", "meanNs", stage -> perItem(stage.busyNs(), stage), AnalysersCommand::us),
            new Column<>("LONGEST us", "longestNs", StageStats::longestNs, AnalysersCommand::us),
            new Column<>("CPU s", "cpuNs", StageStats::cpuNs, ns -> Column.plain((Long) ns / 1e9)),
            Column.of("B/ITEM", "allocatedBytesPerItem", AnalysersCommand::allocated),
            Column.hidden("busyNs", StageStats::busyNs),
            Column.hidden("allocatedBytes", StageStats::allocatedBytes),
            Column.hidden("warmItems", stage -> stage.warm().items()),
            Column.hidden("warmAbsent", stage -> stage.warm().absent()),
            Column.hidden("warmMisses", stage -> stage.warm().misses()),
            Column.hidden("onTrial", stage -> stage.trial().on()),
            Column.hidden("cause", StageStats::cause));

    private static final double NOTHING_BYTES = 0.5;

    private final Services services;

    AnalysersCommand(Services services) {
        this.services = services;
    }

    private static <T> Column<T> words(String header, String name, Function<T, List<String>> value) {
        return new Column<>(header, name, value::apply, list -> list instanceof List<?> all && all.isEmpty() ? "-"
                : ((List<?>) list).stream().map(String::valueOf).collect(Collectors.joining(" ")));
    }

    private static String pairs(Object parameters) {
        var all = new TreeMap<>((Map<?, ?>) parameters);
        return all.isEmpty() ? "-" : all.entrySet().stream().map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining(" "));
    }

    private static String us(Object ns) {
        return Column.plain(((Number) ns).doubleValue() / 1e3);
    }

    private static Double perItem(long sum, StageStats stage) {
        return stage.items() == 0 ? null : (double) sum / stage.items();
    }

    /** After the warm-up, once it is over; up to half a byte is a rounding of the JVM's, as in the report. */
    private static Double allocated(StageStats stage) {
        var warm = stage.warm();
        var each = warm.items() > 0 ? Double.valueOf((double) warm.allocatedBytes() / warm.items())
                : perItem(stage.allocatedBytes(), stage);
        return each != null && each <= NOTHING_BYTES ? Double.valueOf(0) : each;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("analysers", "which analysers there are, and what they did where they are attached",
                Option.flag("--kinds", "only which there are"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var analyzers = services.need(Analyzers.class, "mimir.engine");
        var kinds = analyzers.kinds();
        var stages = given.has("--kinds") ? List.<StageStats>of() : analyzers.stages();
        if (given.has("--json")) {
            return Json.answer("analysers", KINDS.values(kinds), "stages", STAGES.values(stages));
        }
        var text = kinds.isEmpty() ? "There is no analyser: no bundle that has one runs.\n" : KINDS.table(kinds);
        if (!given.has("--kinds")) {
            text += stages.isEmpty() ? "\nNone is attached.\n" : "\n" + STAGES.table(stages);
        }
        return Answer.of(text + Stream.concat(kinds.stream().flatMap(AnalysersCommand::fault),
                stages.stream().flatMap(AnalysersCommand::cause)).collect(Collectors.joining("\n")));
    }

    private static Stream<String> fault(Kind kind) {
        return kind.fault().isEmpty() ? Stream.of()
                : Stream.of(kind.name() + " of " + kind.bundle() + " cannot be used: " + kind.fault());
    }

    /** Why a stage does not run, and what a person can do about it. */
    private static Stream<String> cause(StageStats stage) {
        if (stage.cause().isEmpty()) {
            return Stream.of();
        }
        var words = String.join(" ", stage.sources()) + " " + stage.name();
        var advice = switch (stage.state()) {
            case "disabled" -> "\n    enable " + words + "   lets it go on\n    detach " + words + "   takes it away";
            case "stuck" -> "\n    detach " + words + "   takes it away";
            default -> "";
        };
        return Stream.of(stage.name() + " of " + Names.list(stage.sources()) + " is " + stage.state() + ": "
                + stage.cause() + advice);
    }
}
