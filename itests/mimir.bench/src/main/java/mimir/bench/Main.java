// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code ./mimir bench}: measures, judges, writes down. Status 0 when it ran and nothing became worse than the
 * baseline, 1
 * otherwise, 2 for a command that cannot be understood. Confined to the main thread.
 */
public final class Main {
    private static final Path ROOT = Path.of(System.getProperty("mimir.root", "."));

    private Main() {
    }

    /** See {@link Request#USAGE}. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(arguments, System.out, System.err));
    }

    static int run(String[] arguments, PrintStream out, PrintStream err) throws InterruptedException {
        if (List.of(arguments).contains("--help")) {
            out.println(Request.HELP);
            return 0;
        }
        try {
            var request = Request.of(arguments);
            var outcome = request.from() == null ? measure(request, Suites.of(request.suite()), err)
                    : Outcome.read(request.from());
            if (request.json() != null) {
                outcome.write(request.json());
            }
            if (request.page() != null) {
                var notes = Notes.read(ROOT.resolve("itests/mimir.bench/notes.txt"));
                Files.writeString(request.page(), PerformancePage.of(outcome, notes));
            }
            outcome.rows().forEach(row -> out.println(line(row)));
            return request.compare() == null ? 0 : compare(request, outcome, out, err);
        } catch (BadUseException e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("the result could not be written: " + e.getMessage());
            return 1;
        }
    }

    private static Outcome measure(Request request, List<Case> cases, PrintStream err)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        var samples = new Rounds(Scale.WHOLE, err::println).run(cases, request.rounds());
        return Outcome.of(Machine.describe(), method(request, samples, System.nanoTime() - begin), samples);
    }

    private static Map<String, String> method(Request request, List<Sample> samples, long tookNs) {
        var method = new LinkedHashMap<String, String>();
        method.put("rounds", request.rounds()
                + ", interleaved: each round runs every mechanism once, in a JVM of its own; "
                + "ratios are formed within a round, and the median of the rounds is judged");
        method.put("invalid rounds", samples.stream().filter(each -> !each.faults().isEmpty()).count() + " of "
                + samples.size() + " trials do not count, because a thread that spins had less than 0.95 of a core or "
                + "because the trial failed (ratios with one of them stand in brackets)");
        method.put("load beside the trials", String.format(Locale.ROOT,
                "%.1f threads able to run before a trial, on the "
                + "average; %.0f %% of the processors idle during the trials",
                samples.stream().mapToInt(Sample::runnable).average().orElse(0),
                100 * samples.stream().mapToDouble(Sample::idle).average().orElse(0)));
        method.put("duration", tookNs / 60_000_000_000L + " min " + tookNs / 1_000_000_000L % 60 + " s");
        return method;
    }

    private static String line(Row row) {
        return String.format(Locale.ROOT, "%-9s %-90s %10.3f  %s %.3f  %s%s", row.suite(), row.name(), row.ratio(),
                row.kind().moreIsBetter() ? ">=" : "<=", row.goal(), row.met() ? "met" : "NOT MET",
                row.doubtful() ? " (disturbed)" : "");
    }

    /** A row that looks worse is measured once more, alone: what is worse both times is. */
    private static int compare(Request request, Outcome outcome, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        var before = Outcome.read(request.compare());
        var found = Comparison.of(before, outcome, request.threshold());
        found.lines().forEach(each -> out.println("beside " + request.compare() + ": " + each));
        var worse = found.worse();
        if (!worse.isEmpty() && request.from() == null) {
            var again = Comparison.of(before, measure(request, trials(worse), err), request.threshold()).worse();
            worse = worse.stream().filter(row -> again.stream().anyMatch(row::asks)).toList();
            worse.forEach(row -> out.println("worse once more: " + row.suite() + ": " + row.name()));
        }
        return worse.isEmpty() && !found.missing() ? 0 : 1;
    }

    private static List<Case> trials(List<Row> rows) {
        var goals = Goals.all().stream().filter(goal -> rows.stream().anyMatch(row -> row.suite().equals(goal.suite())
                && row.name().equals(goal.name()))).toList();
        return Suites.of(null).stream().filter(each -> goals.stream().anyMatch(goal ->
                goal.suite().equals(each.suite()) && goal.uses(each.name()))).toList();
    }
}
