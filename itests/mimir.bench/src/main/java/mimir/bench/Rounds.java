// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Runs trials in interleaved rounds, each in a fresh JVM, one after the other. Confined. */
final class Rounds {
    private static final long MOST_S = 40;

    private static final double MOST_NS = 24 * 60e9;

    private final Scale scale;
    private final Consumer<String> progress;

    Rounds(Scale scale, Consumer<String> progress) {
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Every trial once a round: what disturbs the machine for a while then disturbs all that is compared. A round that
     * would not end within 24 minutes of the beginning is left out.
     */
    List<Sample> run(List<Case> cases, int rounds) throws IOException, InterruptedException {
        var samples = new ArrayList<Sample>();
        long begin = System.nanoTime();
        for (int round = 1; round <= rounds; round++) {
            if (round > 1 && (System.nanoTime() - begin) / (round - 1.0) * round > MOST_NS) {
                progress.accept("there is no time for round " + round + ": it would end after 24 minutes");
                break;
            }
            for (var each : cases) {
                var sample = run(each, round);
                samples.add(sample);
                progress.accept("round %d/%d  %s/%s%s".formatted(round, rounds, each.suite(), each.name(),
                        sample.faults().isEmpty() ? "" : "  (" + String.join("; ", sample.faults()) + ")"));
            }
        }
        return samples;
    }

    Sample run(Case each, int round) throws IOException, InterruptedException {
        var before = Machine.ticks();
        int runnable = Machine.runnable() - 1;
        var results = new Results();
        var answers = Files.createTempFile("mimir-bench-", ".txt");
        var process = Jvm.command(Child.class, each.flags(), List.of(each.suite(), each.name(), scale.name()))
                .redirectOutput(answers.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        boolean ended = process.waitFor(MOST_S, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            results.spoil("did not end within " + MOST_S + " s");
        }
        for (var line : Files.readAllLines(answers)) {
            if (!results.take(line) && line.startsWith("failed ")) {
                results.spoil(line);
            }
        }
        Files.delete(answers);
        if (ended && process.exitValue() != 0 && results.faults().isEmpty()) {
            results.spoil("ended with status " + process.exitValue());
        }
        var after = Machine.ticks();
        double idle = (double) (after[0] - before[0]) / Math.max(1, after[1] - before[1]);
        return new Sample(each.suite(), each.name(), round, results.figures(), results.faults(), idle, runnable);
    }
}
