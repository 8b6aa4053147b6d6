// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mimir.bench.NativeCode;
import mimir.bench.Results;

/** A C program of this module while it runs. Confined. */
final class Program implements AutoCloseable {
    private static final int READY_S = 10;

    private final String name;
    private final Process process;
    private final BufferedReader lines;
    private final OutputStream input;

    /** Starts it. */
    Program(String name, Object... arguments) throws IOException {
        this.name = name;
        var words = new ArrayList<>(List.of(NativeCode.program(name).toString()));
        for (var argument : arguments) {
            words.add(argument.toString());
        }
        process = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        input = process.getOutputStream();
    }

    /** Waits until it says that it is ready. */
    void awaitReady() throws IOException {
        if (!"ready".equals(lines.readLine())) {
            throw new IllegalStateException(name + " did not get ready");
        }
    }

    /** Sends it a line, for which it waits. */
    void go() throws IOException {
        input.write('\n');
        input.flush();
    }

    /** Takes in what it finds out until it ends; {@code figures} of them are enough, when above 0. */
    Results results(int figures) throws IOException, InterruptedException {
        var results = new Results();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!results.take(line)) {
                throw new IllegalStateException(name + " failed: " + line);
            }
            if (figures > 0 && results.figures().size() == figures) {
                return results;
            }
        }
        if (process.waitFor(READY_S, TimeUnit.SECONDS) && process.exitValue() != 0) {
            throw new IllegalStateException(name + " failed with status " + process.exitValue());
        }
        return results;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
