// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.Kind;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.source.Source;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** Puts an analyser beside sources. Thread-safe. */
final class AttachCommand implements Command {
    private static final int ANY = Integer.MAX_VALUE;
    private static final long LONG_NS = 1_000_000_000;
    private static final long FIRST_NS = 150_000_000; // a few frames
    private static final long LOOK_NS = 5_000_000;

    private final Services services;

    AttachCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("attach", "let an analyser look at sources; sim.camera.* is each that fits",
                StageWords.SHAPE + " [NAME=VALUE]…", 2, ANY, Option.value("--from", "-DURATION",
                "begin so far in the past, as the reservoir has it, and catch up, such as -10s"), Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var analyzers = services.need(Analyzers.class, "mimir.engine");
        var words = StageWords.of("attach", given.arguments());
        var kind = words.kind(analyzers);
        var places = words.meant(services, List.of()).places(kind, services.all(Source.class));
        var before = stages(analyzers);
        if (places.size() > 1) {
            progress.accept("Attaches " + words.analyser() + " to " + places.size() + " sources");
        }
        attach(analyzers, words, places, backNs(given), progress);
        var along = along(analyzers, before, words.analyser(), places);
        var all = places.stream().map(at -> String.join(" with ", at)).toList();
        var answer = given.has("--json")
                ? Json.analyser(words.analyser(), "sources", places, "along", along)
                : Answer.of(words.analyser() + " is attached to " + Names.list(all)
                        + (along.isEmpty() ? "" : "; what it needs came along: " + Names.list(along)));
        return trouble(analyzers, words.analyser(), places).map(answer::failed).orElse(answer);
    }

    /** 0 for now. */
    private static long backNs(Given given) {
        var from = given.value("--from", "");
        if (from.isEmpty()) {
            return 0;
        }
        if (!from.startsWith("-")) {
            throw new BadInputException("--from cannot be '" + from + "': it lies in the past, such as -10s");
        }
        try {
            return Durations.parse("--from", from.substring(1)).toNanos();
        } catch (BadInputException unclear) {
            throw new BadInputException("--from cannot be '" + from + "': give a duration before now, such as -500ms,"
                    + " -10s or -2m");
        }
    }

    /**
     * Why one of them does not work, as far as that shows at its first item: a value that it cannot use, a constructor
     * that does not return.
     */
    private static Optional<String> trouble(Analyzers analyzers, String name, List<List<String>> places) {
        long deadline = System.nanoTime() + FIRST_NS;
        while (true) {
            var stages = analyzers.stages().stream().filter(stage -> stage.name().equals(name)
                    && stage.users() > 0 && places.contains(stage.sources())).toList();
            boolean over = System.nanoTime() > deadline; // until then who waits may just begin
            var trouble = stages.stream().filter(stage -> !stage.cause().isEmpty()
                    && (over || !stage.state().equals("waiting")) && !stage.state().equals("running"))
                    .map(stage -> stage.name() + " of " + Names.list(stage.sources()) + " is " + stage.state() + ": "
                            + stage.cause()).findFirst();
            if (trouble.isPresent() || stages.stream().allMatch(stage -> stage.items() > 0) || over) {
                return trouble;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private static Set<String> stages(Analyzers analyzers) {
        return analyzers.stages().stream().map(AttachCommand::key).collect(Collectors.toSet());
    }

    private static String key(StageStats stage) {
        return stage.name() + " " + stage.sources();
    }

    /** What came to these places; what others attach elsewhere meanwhile is not of this command. */
    private static List<String> along(Analyzers analyzers, Set<String> before, String name, List<List<String>> places) {
        return analyzers.stages().stream().filter(stage -> !before.contains(key(stage)) && !stage.name().equals(name))
                .filter(stage -> places.stream().anyMatch(at -> at.containsAll(stage.sources())))
                .map(StageStats::name).distinct().sorted().toList();
    }

    /** All places or none. */
    private static void attach(Analyzers analyzers, StageWords words, List<List<String>> places, long backNs,
            Consumer<String> progress) {
        var done = new ArrayList<List<String>>();
        long told = System.nanoTime();
        try {
            for (var at : places) {
                analyzers.attach(words.analyser(), at, words.parameters(), backNs);
                done.add(at);
                if (System.nanoTime() - told > LONG_NS && done.size() < places.size()) {
                    progress.accept("Attached to " + done.size() + " of " + places.size());
                    told = System.nanoTime();
                }
            }
        } catch (RuntimeException refused) {
            done.forEach(at -> takeBack(analyzers, words.analyser(), at, refused));
            throw refused;
        }
    }

    private static void takeBack(Analyzers analyzers, String name, List<String> at, RuntimeException refused) {
        try {
            analyzers.detach(name, at);
        } catch (RuntimeException another) {
            refused.addSuppressed(another);
        }
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        if (option != null) {
            return List.of("-5s", "-10s", "-30s");
        }
        var kinds = services.find(Analyzers.class).map(Analyzers::kinds).orElse(List.of());
        var names = kinds.stream().map(Kind::name).toList();
        if (!arguments.isEmpty() && names.contains(arguments.getLast())) {
            return kinds.stream().filter(kind -> kind.name().equals(arguments.getLast()))
                    .flatMap(kind -> kind.parameters().keySet().stream()).map(name -> name + "=").sorted().toList();
        }
        return Stream.concat(SourceWords.candidates(services).stream()
                .filter(id -> !arguments.contains(id)), arguments.isEmpty() ? Stream.of() : names.stream()).toList();
    }

    /** What may stand behind these words where stages are meant. */
    static List<String> stageCandidates(Services services, List<String> arguments) {
        var stages = services.find(Analyzers.class).map(Analyzers::stages).orElse(List.of());
        if (stages.stream().map(StageStats::name).anyMatch(arguments::contains)) {
            return List.of();
        }
        var names = stages.stream().filter(stage -> stage.sources().stream().anyMatch(arguments::contains))
                .map(StageStats::name);
        var sources = stages.stream().flatMap(stage -> stage.sources().stream()).filter(id -> !arguments.contains(id));
        return Stream.concat(sources, names).distinct().sorted().toList();
    }
}
