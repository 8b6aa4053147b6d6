// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another process of a test: a C program of the examples or a JVM. It says {@code ready} first. Confined. */
final class Child implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("mimir.root"));
    private static final Path PROGRAMS = ROOT.resolve("native-fragments/examples/target");

    private final Process process;
    private final BufferedReader out;

    private Child(Path manifests, List<String> command) {
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("MIMIR_MANIFESTS", manifests.toString());
        try {
            process = builder.start();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
        out = process.inputReader();
    }

    /** A program of {@code native-fragments/examples}. */
    static Child program(Path manifests, String name, Object... arguments) {
        return new Child(manifests, words(List.of(PROGRAMS.resolve(name).toString()), arguments));
    }

    /** A class with a main method, in a JVM like this one. */
    static Child jvm(Path manifests, Class<?> main, Object... arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new Child(manifests, words(List.of(java, "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-Xmx64m", "-cp", System.getProperty("java.class.path"), main.getName()),
                arguments));
    }

    private static List<String> words(List<String> first, Object... arguments) {
        var words = new ArrayList<>(first);
        for (var argument : arguments) {
            words.add(argument.toString());
        }
        return words;
    }

    long pid() {
        return process.pid();
    }

    Child ready() {
        assertEquals("ready", line());
        return this;
    }

    /** The next line; null at the end of the output. */
    String line() {
        try {
            return out.readLine();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /** As {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
    }

    int exitCode() {
        try {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS), "a process hangs");
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** True while it sleeps in a futex, as a reader at the doorbell does. */
    boolean sleepsOnAFutex() {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid()), "syscall")).startsWith("202 ");
        } catch (IOException ended) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        exitCode();
    }
}
