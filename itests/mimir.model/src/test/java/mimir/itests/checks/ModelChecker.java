// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs spin: it turns a model into a C program, which is compiled and tries every interleaving. What it leaves in its
 * folder tells the way to an error: {@code spin -t -p} with the same macros.
 *
 * <p>Threads: thread-safe for different runs.
 */
final class ModelChecker {
    private static final Pattern ERRORS = Pattern.compile("errors: (\\d+)");
    private static final Pattern STATES = Pattern.compile("([1-9][0-9.e+]*) states, stored");
    /** It ends with 0 and without an error when its memory or its depth did not do. */
    private static final Pattern CUT_SHORT = Pattern.compile("(?i)search not completed|max search depth too small");
    private static final int LIMIT_S = 900;
    private final Path folder;

    ModelChecker(Path folder) {
        this.folder = folder;
    }

    /** What one run found. */
    record Verdict(int errors, boolean complete, String output) {
    }

    /** True when spin and the compiler for short runs are here. */
    static boolean isInstalled() throws InterruptedException {
        try {
            return new ProcessBuilder("spin", "-V").start().waitFor() == 0
                && new ProcessBuilder("tcc", "-v").start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** @param defines what the compiler is told besides, as {@code -DMEMLIM=1} for a search in so many MiB */
    Verdict check(ModelRun run, String... defines) throws IOException, InterruptedException {
        var name = run + String.join("", defines);
        var place = Files.createDirectories(folder.resolve(name.replace(' ', '-')));
        var spin = new ArrayList<>(List.of("spin", "-a"));
        run.macros().forEach(macro -> spin.add("-D" + macro));
        spin.add(run.model().toString());
        call(place, spin);
        // Compiling would take longer than the check itself; only a long one earns back what gcc spends.
        var compiler = run.kind() == ModelRun.Kind.LONG ? List.of("gcc", "-O2") : List.of("tcc");
        var flags = Stream.of("-w", "-DSAFETY", "-DSFH", "-o", "pan", "pan.c");
        call(place, Stream.of(compiler.stream(), Stream.of(defines), flags).flatMap(words -> words).toList());
        var depth = run.kind() == ModelRun.Kind.LONG ? "-m1000000" : "-m20000"; // it clears the memory for it first
        var output = call(place, List.of("./pan", depth, run.kind() == ModelRun.Kind.FIND ? "-w18" : "-w22"));
        var errors = ERRORS.matcher(output);
        return new Verdict(errors.find() ? Integer.parseInt(errors.group(1)) : -1,
            STATES.matcher(output).find() && !CUT_SHORT.matcher(output).find(), output);
    }

    private static String call(Path place, List<String> command) throws IOException, InterruptedException {
        var log = place.resolve(Path.of(command.getFirst()).getFileName() + ".log");
        var process = new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true)
            .redirectOutput(log.toFile()).start();
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " did not end within " + LIMIT_S + " s");
        }
        var output = Files.readString(log);
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue() + ":\n" + output);
        }
        return output;
    }
}
