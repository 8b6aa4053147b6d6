// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.time.Duration;
import java.util.List;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.report.Reporter;
import mimir.api.rig.Rigs.Rig;
import mimir.api.work.Worker;
import mimir.ring.ReaderStats;
import mimir.ring.Ring;
import mimir.ring.RingStats;
import mimir.ring.Rings;
import mimir.shell.command.WholeFile;
import mimir.shell.line.CommandLine;
import mimir.shell.line.Durations;

/** {@code run}: a rig for a while, with commands at their times and a report. Confined to the shell's worker. */
final class RunMode implements Mode {
    private static final Duration LONGEST_WARMUP = Duration.ofSeconds(10);
    private static final long WITHOUT_END = Long.MAX_VALUE;

    private final Stage stage;
    private final CommandLine.Run line;
    private int worst = Faults.DONE;

    RunMode(Stage stage, CommandLine.Run line) {
        this.stage = stage;
        this.line = line;
    }

    @Override
    public int run(Worker self) {
        var reporter = stage.service(Reporter.class, "mimir.watch");
        int code = stage.play(line.rig(), rig -> capture(rig, self, reporter));
        if (!stage.stopping()) {
            conclude(reporter);
        }
        return Math.max(code, worst);
    }

    /** Returns the code of {@code exit}, if a command asked for it. */
    private int capture(Rig rig, Worker self, Reporter reporter) {
        try (var session = new Session(stage.processor())) {
            long begin = begin(rig, reporter);
            int begun = stage.memory().begun(); // what fell due while there was no shell is made up for
            for (var timed : line.timed().stream().skip(begun).toList()) {
                await(session, begin, timed.at().toNanos(), self);
                command(session, timed.commands());
            }
            await(session, begin, line.total() == null ? WITHOUT_END : line.total().toNanos(), self);
            if (stage.stopping()) {
                return Faults.DONE; // of which nobody will ask for a report
            }
            reporter.end();
            if (line.last() != null && begun <= line.timed().size()) {
                command(session, line.last());
            }
            return session.exit().orElse(Faults.DONE);
        }
    }

    /** When the run began: now, or when a former life of this shell began it. */
    private long begin(Rig rig, Reporter reporter) {
        if (stage.memory().former().isPresent()) {
            Streams.ERR.println("the shell began anew; the run goes on");
            return stage.memory().former().getAsLong();
        }
        reporter.begin(warmup());
        Streams.ERR.println("running " + rig.name() + ": " + count(rig.sources()) + ", "
                + (line.total() == null ? "until a signal" : "for " + Durations.text(line.total())));
        return System.nanoTime();
    }

    private Duration warmup() {
        if (line.total() == null) {
            return LONGEST_WARMUP;
        }
        var third = line.total().dividedBy(3);
        return third.compareTo(LONGEST_WARMUP) < 0 ? third : LONGEST_WARMUP;
    }

    private static String count(List<String> sources) {
        return sources.size() == 1 ? "1 source" : sources.size() + " sources";
    }

    /** Waits until so long after the start; a signal or a command that asked for the end make it shorter. */
    private void await(Session session, long begin, long afterNs, Worker self) {
        while (!stage.stopping() && session.exit().isEmpty()) {
            long left = afterNs - (System.nanoTime() - begin);
            if (left <= 0) {
                return;
            }
            self.pause(left);
        }
    }

    private void command(Session session, String commands) {
        if (!stage.stopping() && session.exit().isEmpty()) {
            stage.memory().begin();
            worst = Math.max(worst, session.execute(commands));
        }
    }

    /** The report is made after the devices went, when every reader has had all items. */
    private void conclude(Reporter reporter) {
        if (line.report() != null) {
            WholeFile.write(line.report(), reporter.json());
        }
        reporter.findings().forEach(finding -> Streams.ERR.println("warning: " + finding));
        var stages = stage.services().find(Analyzers.class).map(Analyzers::stages).orElse(List.of());
        if (stage.services().find(Rings.class).stream().flatMap(rings -> rings.list().stream()).map(Ring::stats)
                .anyMatch(ring -> ring.readers().stream().anyMatch(reader -> broken(ring, reader, stages)))) {
            worst = Math.max(worst, Faults.FAILURE);
        }
    }

    /**
     * What must never happen, whatever the load; other findings are losses that a slow reader brought on itself. So is
     * an item that was overwritten while an analyser looked at it: its result was discarded.
     */
    private static boolean broken(RingStats ring, ReaderStats reader, List<StageStats> stages) {
        boolean analyser = stages.stream().anyMatch(one -> one.name().equals(reader.name())
                && one.sources().contains(ring.identity()));
        return reader.torn() > 0 && !analyser || reader.checksumErrors() > 0 || !reader.conserved();
    }
}
