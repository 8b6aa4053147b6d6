// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs {@code ./mimir} as a user does: a process of its own, its output, its exit code, what it leaves behind.
 * Confined.
 */
final class Mimir {
    static final Path ROOT = Path.of(System.getProperty("mimir.root")).toAbsolutePath().normalize();

    private static final long LOOK_NS = 5_000_000;

    private final Path scratch;
    private final ProcessBuilder builder;
    private Process process;

    private Mimir(Path scratch, String... arguments) {
        this.scratch = scratch;
        var command = new ArrayList<>(List.of(ROOT.resolve("mimir").toString()));
        command.addAll(List.of(arguments));
        builder = new ProcessBuilder(command).directory(scratch.toFile())
                .redirectOutput(scratch.resolve("out.txt").toFile())
                .redirectError(scratch.resolve("err.txt").toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("TMPDIR", temp().toString());
        builder.environment().put("MIMIR_STATE", scratch.resolve("state").toString());
        builder.environment().remove("XDG_RUNTIME_DIR"); // instances of a user know each other by it
        builder.environment().put("MIMIR_MANIFESTS", scratch.resolve("manifests").toString());
        options("-XX:-UseZGC -XX:+UseSerialGC -XX:-AlwaysPreTouch -Xms32m");
    }

    /** A command line, not started yet; it runs in {@code scratch} with a temporary folder of its own. */
    static Mimir with(Path scratch, String... arguments) {
        try {
            Files.createDirectories(scratch.resolve("tmp"));
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
        return new Mimir(scratch, arguments);
    }

    /** With the collector and the heap that a user has: for a process that stays and is looked at. */
    Mimir asShipped() {
        return options("");
    }

    /** A process of two seconds has no use for the optimising compiler, and the machine none for its work. */
    private Mimir options(String more) {
        return environment("MIMIR_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + temp() + " " + more);
    }

    Mimir input(String lines) {
        try {
            var file = Files.writeString(scratch.resolve("in.txt"), lines);
            builder.redirectInput(file.toFile());
            return this;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    Mimir environment(String name, String value) {
        builder.environment().put(name, value);
        return this;
    }

    /** Another program in the place of {@code ./mimir}. */
    Mimir instead(Path program, String... arguments) {
        var command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        builder.command(command);
        return this;
    }

    /** With a pipe as its standard input; what comes in there comes by {@link #types}. */
    Mimir piped() {
        builder.redirectInput(ProcessBuilder.Redirect.PIPE);
        return this;
    }

    /** At a terminal of its own; what the user types there comes by {@link #types}, what it shows is its output. */
    Mimir atTerminal() {
        var line = builder.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        builder.command("script", "-qfec", "stty rows 40 cols 160; exec " + line, "/dev/null")
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        return environment("TERM", "xterm").environment("SHELL", "/bin/sh");
    }

    Mimir types(String keys) {
        try {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            return this;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    Mimir start() {
        try {
            process = builder.start();
            return this;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    Mimir run() {
        return start().await(Duration.ofSeconds(60));
    }

    Mimir await(Duration atMost) {
        try {
            boolean ended = process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            assertTrue(ended, () -> "not over after " + atMost + "\n" + out() + err());
            return this;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Waits at most half a minute until it has said that on standard error. */
    Mimir untilItSays(String words) {
        return until(() -> err().contains(words), Duration.ofSeconds(30), "never said '" + words + "'");
    }

    /** Waits at most half a minute until {@code words} stand so often on standard output. */
    Mimir untilItShows(int times, String words) {
        return until(() -> out().split(Pattern.quote(words), -1).length > times, Duration.ofSeconds(30),
                "never showed '" + words + "' " + times + " times");
    }

    /** Waits until that holds, if only as the last thing that a process did; leaves the processors to it meanwhile. */
    Mimir until(BooleanSupplier condition, Duration atMost, String otherwise) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            boolean lives = process.isAlive() && System.nanoTime() < deadline;
            if (condition.getAsBoolean()) {
                return this;
            }
            assertTrue(lives, () -> otherwise + " (" + state() + "):\n" + out() + err());
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private String state() {
        return process.isAlive() ? "still running" : "exit code " + process.exitValue();
    }

    Process process() {
        return process;
    }

    String out() {
        return read("out.txt");
    }

    String err() {
        return read("err.txt");
    }

    Mimir exits(int code) {
        assertEquals(code, process.exitValue(), () -> "out:\n" + out() + "err:\n" + err());
        return this;
    }

    /** One sentence on stderr that holds {@code part}, and no stack trace anywhere. */
    Mimir says(String part) {
        assertTrue(err().contains(part), () -> "expected '" + part + "' in:\n" + err());
        assertTrue(!err().contains("\tat ") && !out().contains("\tat "), () -> "a stack trace:\n" + err() + out());
        return this;
    }

    /** {@code part} on standard output. */
    Mimir printed(String part) {
        assertTrue(out().contains(part), () -> "expected '" + part + "' in:\n" + out() + err());
        return this;
    }

    /** Nothing of the process is left: no temporary file, no shared memory with its name. */
    Mimir leavesNothing() {
        try (var left = Files.walk(temp()); var shared = Files.list(Path.of("/dev/shm"))) {
            assertEquals(List.of(temp()),
                    left.filter(path -> !path.getFileName().toString().startsWith("hsperfdata")).toList());
            assertEquals(List.of(), shared.filter(path -> path.getFileName().toString().contains("mimir")).toList());
            return this;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private Path temp() {
        return scratch.resolve("tmp");
    }

    private String read(String name) {
        try {
            return new String(Files.readAllBytes(scratch.resolve(name)), StandardCharsets.UTF_8);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
