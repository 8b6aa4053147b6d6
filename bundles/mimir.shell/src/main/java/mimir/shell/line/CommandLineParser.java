// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mimir.api.BadInputException;

/** Reads the arguments of the process. Immutable. */
public final class CommandLineParser {
    /** The rig of somebody who named none. */
    public static final String DEFAULT_RIG = "six-cameras";

    /** The instance of somebody who named none. */
    public static final String DEFAULT_NAME = "mimir";
    /** What a name of an instance may be; it becomes part of names of files. */
    public static final String NAME_SHAPE = "[A-Za-z0-9][A-Za-z0-9._-]{0,31}";

    private static final Option NAME = Option.value("--name", "NAME",
            "name of this instance among those that run; " + DEFAULT_NAME + " when left out");
    private static final Option RIG = Option.value("--rig", "NAME|FILE",
            "which rig; " + DEFAULT_RIG + " when left out");
    private static final Option DATA = Option.value("--data", "DIR", "the folder of recordings that the rig plays");
    private static final Option FPS = Option.value("--fps", "N", "rate of recorded folders that tell none");
    private static final Option LOOP = Option.value("--loop", "true|false", "play recordings again at their end");

    private static final Option BUDGET = Option.value("--budget", "SIZE", "memory of the reservoir, such as 4GiB;"
            + " without it what the rig says, or what comes in eight seconds, at most a third of the machine or 8GiB");
    private static final Option LOAD = Option.value("--load", "DIR",
            "bundles that are dropped there come in; the folder load of what Mimir keeps when left out");

    static final Syntax CONSOLE = Syntax.of("mimir", "the shell on a rig; reads commands from a pipe as well",
            RIG, DATA, FPS, LOOP, BUDGET, LOAD, NAME);
    static final Syntax RUN = Syntax.of("run", "let a rig run", RIG,
            Option.value("--for", "DURATION", "how long, from when all sources are up; until a signal when left out"),
            Option.repeated("--at", List.of("DURATION", "COMMANDS"), "commands so long after the start"),
            Option.value("--exec", "COMMANDS", "commands after --for, before stopping"),
            Option.value("--report", "FILE", "write the report of the run"), DATA, FPS, LOOP, BUDGET, LOAD, NAME);
    private static final Option TO = Option.value("--to", "NAME",
            "give them to the running instance of this name, instead of a new one");
    static final Syntax EXEC = Syntax.of("exec", "run commands on a rig and end with their status", "'COMMANDS'", 1, 1,
            TO, RIG, DATA, FPS, LOOP, BUDGET, LOAD);
    /** A process of its own, which the script starts; it stands here for the help. */
    public static final Syntax READ = Syntax.of("read",
            "read a ring of a running Mimir in place, from this process; without a name list what there is", "[RING]",
            0, 1, Option.value("--for", "DURATION", "how long; until a signal when left out"),
            Option.flag("--verify", "compare every item with its checksum"),
            Option.flag("--json", "for programs: JSON with stable names"));

    private static final Syntax BENCH = Syntax.of("bench",
            "measure Mimir beside the best that exists; ./mimir bench --help tells its options");

    private static final Syntax SOAK = Syntax.of("soak",
            "the long proofs, such as a thousand swaps under load; ./mimir soak --help tells them");
    private static final Syntax TCK = Syntax.of("tck",
            "put a driver to every test that one must pass; ./mimir tck --help tells its options");
    private static final Set<String> PROOFS = Set.of(SOAK.name(), TCK.name());

    private CommandLineParser() {
    }

    /**
     * Reads the arguments and looks at nothing but the folder of the report.
     *
     * @throws BadInputException one sentence that names the word at fault
     */
    public static CommandLine parse(List<String> words) {
        if (!words.isEmpty() && PROOFS.contains(words.getFirst())) {
            return new CommandLine.Proof(words.getFirst(), List.copyOf(words.subList(1, words.size())));
        }
        if (words.stream().takeWhile(word -> !word.equals("--")).anyMatch(List.of("--help", "-h")::contains)) {
            return new CommandLine.Help();
        }
        if (words.isEmpty() || words.getFirst().startsWith("--") && !words.getFirst().equals("--version")) {
            return new CommandLine.Console(choice(CONSOLE.parse(words)));
        }
        var rest = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "run" -> run(RUN.parse(rest));
            case "exec" -> exec(EXEC.parse(rest));
            case "read", "bench" -> throw new BadInputException(words.getFirst() + " is a process of its own, started"
                    + " by the script ./mimir on Linux, as in ./mimir " + words.getFirst());
            case "help" -> new CommandLine.Help();
            case "--version" -> new CommandLine.Version();
            default -> throw new BadInputException("Mimir does not know '" + words.getFirst()
                    + "'; it knows run, exec, read, bench, sync-bench, soak, tck, help, --help and --version, and"
                    + " starts its shell without any of them");
        };
    }

    private static CommandLine exec(Given given) {
        if (given.has(TO.name())) {
            throw new BadInputException("exec --to is a process of its own, started by the script ./mimir on Linux;"
                    + " elsewhere type the commands at the prompt of the Mimir that runs");
        }
        return new CommandLine.Exec(choice(given), given.arguments().getFirst());
    }

    /**
     * Reads the arguments after {@code exec}, of which one is {@code --to}.
     *
     * @throws BadInputException one sentence that names the word at fault
     */
    public static CommandLine.ExecTo execTo(List<String> words) {
        var given = EXEC.parse(words);
        for (var option : List.of(RIG, DATA, FPS, LOOP, BUDGET, LOAD)) {
            if (given.has(option.name())) {
                throw new BadInputException("exec --to takes no " + option.name()
                        + ": the commands go to an instance that runs its rig already");
            }
        }
        return new CommandLine.ExecTo(name(TO.name(), given.value(TO.name(), DEFAULT_NAME)),
                given.arguments().getFirst());
    }

    private static CommandLine run(Given given) {
        var total = given.has("--for") ? Durations.parse("--for", given.value("--for", "")) : null;
        var timed = new ArrayList<CommandLine.Timed>();
        for (var values : given.all("--at")) {
            timed.add(timed(values.get(0), values.get(1), total));
        }
        timed.sort(Comparator.comparing(CommandLine.Timed::at));
        if (total == null) {
            for (var option : List.of("--report", "--exec")) {
                if (given.has(option)) {
                    throw new BadInputException("run " + option + " needs --for: what comes after a run needs its end;"
                            + " give its length, such as --for 30s");
                }
            }
        }
        return new CommandLine.Run(choice(given), total, List.copyOf(timed), given.value("--exec", null),
                report(given.value("--report", null)));
    }

    private static CommandLine.Timed timed(String at, String commands, Duration total) {
        var after = Durations.parse("--at", at);
        if (total != null && after.compareTo(total) > 0) {
            throw new BadInputException("--at " + at + " lies behind the end of the run, --for " + Durations.text(total)
                    + "; give an earlier instant or use --exec");
        }
        return new CommandLine.Timed(after, commands);
    }

    private static Path report(String text) {
        if (text == null) {
            return null;
        }
        try {
            var file = Path.of(text);
            var folder = file.toAbsolutePath().getParent();
            if (folder == null || Files.isDirectory(file)) {
                throw new BadInputException("--report " + text + " is a folder; name a file in it");
            }
            if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw new BadInputException("--report " + text + " cannot be written: " + folder
                        + " is not a folder that you may write to; make it first");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new BadInputException("--report '" + text + "' is no name for a file: " + e.getReason());
        }
    }

    /**
     * The name of an instance.
     *
     * @param option that it was given with
     * @throws BadInputException when it is none
     */
    public static String name(String option, String name) {
        if (!name.matches(NAME_SHAPE)) {
            throw new BadInputException(option + " cannot be '" + name + "': give up to 32 letters, digits, dots,"
                    + " dashes and underscores, a letter or a digit first");
        }
        return name;
    }

    private static CommandLine.Choice choice(Given given) {
        name(NAME.name(), given.value(NAME.name(), DEFAULT_NAME)); // which the launcher has taken
        var variables = new LinkedHashMap<String, String>();
        for (var option : Stream.of(DATA, FPS, LOOP).map(Option::name).filter(given::has).toList()) {
            variables.put(option.substring(2), given.value(option, ""));
        }
        require(variables, "fps", "(?=.*[1-9])\\d{1,4}(\\.\\d{1,6})?", "a number of pictures per second, such as 10");
        require(variables, "loop", "true|false", "true or false");
        if (given.has(BUDGET.name())) {
            variables.put("budget", Long.toString(Sizes.parse(BUDGET.name(), given.value(BUDGET.name(), ""))));
        }
        return new CommandLine.Choice(given.value("--rig", DEFAULT_RIG), variables, load(given.value("--load", null)));
    }

    private static Path load(String text) {
        try {
            return text == null ? null : Path.of(text);
        } catch (InvalidPathException e) {
            throw new BadInputException("--load '" + text + "' is no name for a folder: " + e.getReason());
        }
    }

    private static void require(LinkedHashMap<String, String> variables, String name, String shape, String wanted) {
        var value = variables.get(name);
        if (value != null && !value.matches(shape)) {
            throw new BadInputException("--" + name + " cannot be '" + value + "': give " + wanted);
        }
    }

    /** How Mimir is started. */
    public static String help() {
        var text = new StringBuilder(
                "Mimir captures many cameras and audio channels, and swaps their drivers under load.\n\n");
        for (var syntax : List.of(CONSOLE, RUN, EXEC, READ, BENCH, SOAK, TCK)) {
            text.append(syntax == CONSOLE ? "./" : "./mimir ").append(syntax.usage()).append("\n    ")
                    .append(syntax.summary()).append('\n');
        }
        text.append("./mimir --help | --version\n\n");
        var options = new LinkedHashMap<String, Option>();
        for (var syntax : List.of(CONSOLE, RUN, EXEC, READ, BENCH, SOAK, TCK)) {
            syntax.options().forEach(option -> options.putIfAbsent(option.name(), option));
        }
        options.values().forEach(option -> text.append("  %-24s %s%n".formatted(option.shape(), option.about())));
        return text.append("\nDURATION is 500ms, 10s, 2m or 1h. COMMANDS are those of the shell, with ; between them;\n"
                + "./mimir exec help lists them. Exit codes: 0 done, 1 failure, 2 usage.\n").toString();
    }
}
