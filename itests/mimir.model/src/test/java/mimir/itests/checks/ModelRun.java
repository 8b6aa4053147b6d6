// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One run of the model checker over a Promela model, as a line of the model's head comment asks for it: {@code verify
 * [MACRO…]}, {@code find FAULT_X [MACRO…] reason} or {@code long [MACRO…]}, where a macro is written in capitals.
 *
 * <p>Threads: immutable.
 */
record ModelRun(Path model, Kind kind, List<String> macros) {
    private static final Pattern LINE =
        Pattern.compile(" \\* (verify|find|long)((?: [A-Z][A-Z_0-9]*(?:=\\d+)?)*)( .*)?");
    private static final Pattern FAULT = Pattern.compile("FAULT_[A-Z_0-9]+");

    /** What the checker must say: no error (long: only when asked for), or an error. */
    enum Kind {
        VERIFY, FIND, LONG
    }

    /** Name for reports. */
    @Override
    public String toString() {
        var name = model.getFileName().toString().replace(".pml", "");
        return Stream.concat(Stream.of(name), macros.stream()).collect(Collectors.joining(" "));
    }

    static List<ModelRun> all(Path folder) {
        return models(folder).flatMap(ModelRun::of).toList();
    }

    private static Stream<ModelRun> of(Path model) {
        return text(model).lines().map(LINE::matcher).filter(Matcher::matches)
            .map(line -> new ModelRun(model, Kind.valueOf(line.group(1).toUpperCase(Locale.ROOT)),
                Stream.of(line.group(2).split(" ")).filter(macro -> !macro.isEmpty()).toList()));
    }

    /** Faults that a model can plant although no line asks for them. */
    static Set<String> faultsNotAskedFor(Path folder) {
        var asked = all(folder).stream().flatMap(run -> run.macros.stream()).collect(Collectors.toSet());
        return models(folder).flatMap(model -> FAULT.matcher(text(model)).results()).map(MatchResult::group)
            .filter(fault -> !asked.contains(fault)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<Path> models(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pml")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
