// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mimir.bench.Jvm;
import mimir.bench.Results;

/** The second process of a trial, and the folder in which the two meet. Confined. */
final class Other implements AutoCloseable {
    /** What it says when it is ready to receive. */
    static final String READY = "ready";

    private final Path folder;
    private Process process;
    private BufferedReader lines;

    Other() throws IOException {
        folder = Files.createTempDirectory("mimir-bench-");
    }

    Path folder() {
        return folder;
    }

    /** Starts it and waits until it is ready. */
    void start(Class<?> main, String... arguments) throws IOException {
        var all = new ArrayList<>(List.of(folder.toString()));
        all.addAll(List.of(arguments));
        process = Jvm.command(main, List.of(), all).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = lines.readLine();
        if (!READY.equals(line)) {
            throw new IllegalStateException("the other process did not get ready: " + line);
        }
    }

    /** Waits for its end and takes in what it found. */
    void join(Results results) throws IOException, InterruptedException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!results.take(line)) {
                throw new IllegalStateException("the other process failed: " + line);
            }
        }
        process.waitFor(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
        if (!Files.exists(folder)) {
            return; // the last ring took it along
        }
        try (var all = Files.walk(folder)) {
            for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException("the folder " + folder + " could not be removed; remove it by hand", e);
        }
    }
}
