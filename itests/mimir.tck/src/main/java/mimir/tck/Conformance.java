// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.ring.RingFormat;

/** Puts an analyser through all that happens in the platform, and says in sentences what it does wrong. Confined. */
final class Conformance {
    private static final int FEW = 24;
    private static final int LOST = 5;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long APART_NS = 3_600_000_000_000L; // common events lie the same in each hour

    private final AnalyzerBench bench;
    private final String name;
    private final int items;
    private final List<String> faults = new ArrayList<>();

    Conformance(AnalyzerBench bench, int items) {
        this.bench = bench;
        this.name = bench.declaration.name();
        this.items = items;
    }

    List<String> faults() {
        var first = plain(items);
        var second = plain(Math.max(1, first.items()));
        var guarded = guarded();
        thrown(first, guarded);
        undeclared(guarded);
        kept(guarded, first);
        if (first.watch().failures().isEmpty()) {
            deterministic(first, second);
            thrifty(second);
            punctual(second);
            disturbed();
            forgetful();
        }
        return List.copyOf(faults);
    }

    private void fault(String sentence, Object... values) {
        faults.add(name + " " + String.format(Locale.ROOT, sentence, values));
    }

    private AnalyzerRun plain(int most) {
        var watch = Watch.measuring(bench.declaration, most);
        var session = new Session(bench, bench.startNs, watch);
        try (session) {
            watch.occasion("the first item");
            session.play(1, PATIENCE_NS);
            watch.occasion("");
            session.play(most - 1, PATIENCE_NS);
            return session.outcome();
        } finally {
            if (faults.isEmpty()) {
                session.warnings().forEach(warning -> faults.add(warning + "; let close throw nothing"));
            }
        }
    }

    private AnalyzerRun guarded() {
        try (var session = new Session(bench, bench.startNs, Watch.guarding(bench.declaration, FEW))) {
            session.play(FEW, PATIENCE_NS);
            return session.outcome();
        }
    }

    private void thrown(AnalyzerRun run, AnalyzerRun guarded) {
        var failures = run.watch().failures();
        if (failures.isEmpty()) {
            return;
        }
        if (leadsNowhere(guarded, run)) {
            return; // told below
        }
        var first = failures.getFirst();
        if (first.thrown() instanceof IllegalArgumentException && !guarded.watch().undeclared().isEmpty()) {
            return; // that it attaches what it does not declare is told better
        }
        if (run.watch().calls() == 0) {
            fault("cannot begin: it throws %s", said(first.thrown()));
        } else {
            fault("throws at %d of %d items, first at %s: %s", failures.size(), run.watch().calls(),
                    first.occasion().isEmpty() ? "item " + (first.call() + 1) : first.occasion(), said(first.thrown()));
        }
    }

    private static String said(Throwable thrown) {
        var message = thrown.getMessage();
        var place = thrown.getStackTrace().length == 0 ? "" : " at " + thrown.getStackTrace()[0];
        return thrown.getClass().getSimpleName() + (message == null ? "" : " (" + message + ")") + place;
    }

    private void undeclared(AnalyzerRun guarded) {
        guarded.watch().undeclared().forEach(type -> fault("attaches %s, which the outputs of its @Analysis do not "
                + "name; add it there", type));
    }

    private void kept(AnalyzerRun guarded, AnalyzerRun plain) {
        guarded.watch().kept().forEach(what -> fault("keeps %s after analyze has returned, where it shows another item "
                + "or nothing; copy the values that it needs", what));
        var failures = guarded.watch().failures();
        boolean fine = plain.watch().failures().isEmpty() || leadsNowhere(guarded, plain);
        if (guarded.watch().kept().isEmpty() && !failures.isEmpty() && fine) {
            fault("uses something of an item, or of its result, after analyze has returned or on another thread: %s; "
                    + "copy the values that it needs", said(failures.getFirst().thrown()));
        }
    }

    /** True when it fails at a result of another call: the engine lets its view lead nowhere, the guard ends it. */
    private static boolean leadsNowhere(AnalyzerRun guarded, AnalyzerRun plain) {
        var failures = plain.watch().failures();
        var others = guarded.watch().failures();
        return !failures.isEmpty() && failures.getFirst().thrown() instanceof IndexOutOfBoundsException
                && !others.isEmpty() && others.getFirst().thrown() instanceof IllegalStateException;
    }

    private void deterministic(AnalyzerRun first, AnalyzerRun second) {
        var before = first.outcomes();
        var after = second.outcomes();
        int same = 0;
        while (same < Math.min(before.size(), after.size()) && before.get(same).same(after.get(same))) {
            same++;
        }
        boolean cut = first.items() != second.items();
        if (same < Math.min(before.size(), after.size()) || !cut && before.size() != after.size()) {
            fault("gives other results for the same items when it runs again, from result %d of %d on; let nothing in "
                    + "that differs between runs: clocks, hash codes, random numbers, static fields", same + 1,
                    Math.max(before.size(), after.size()));
        }
    }

    private void thrifty(AnalyzerRun run) {
        if (run.bytesPerItem() > 0) {
            fault("allocates %,d bytes for each item after %d items of warm-up; allocate in begin, and use memory() "
                    + "with offsets in place of slices", run.bytesPerItem(), run.items() * 3 / 2);
        }
    }

    private void punctual(AnalyzerRun run) {
        long budgetNs = bench.declaration.budgetNs();
        if (run.timePerItem().toNanos() > budgetNs) {
            fault("takes %.3f ms for an item, half of them longer, and its budget is %.3f ms; make it faster or raise "
                    + "budgetMicros", run.timePerItem().toNanos() / 1e6, budgetNs / 1e6);
        }
    }

    /** Items are lost, epochs begin, the format changes to a smaller and to a larger one. */
    private void disturbed() {
        var watch = Watch.measuring(bench.declaration, 6 * FEW);
        try (var session = new Session(bench, bench.startNs, watch)) {
            session.play(FEW, PATIENCE_NS);
            session.first().lose(LOST);
            play(session, watch, "the first item after " + LOST + " lost ones");
            session.restart(bench.startNs + APART_NS);
            play(session, watch, "the first item of an epoch");
            var format = session.first().source().format();
            change(session, watch, format, 3, 4, 2);
            change(session, watch, format, 5, 4, 3);
        }
        watch.failures().stream().filter(failure -> !(failure.thrown() instanceof BadInputException)).findFirst()
                .ifPresent(failure -> fault("throws at %s: %s", failure.occasion(), said(failure.thrown())));
    }

    private void play(Session session, Watch watch, String occasion) {
        watch.occasion(occasion);
        session.play(1, PATIENCE_NS);
        watch.occasion("an item after " + occasion);
        session.play(FEW - 1, PATIENCE_NS);
    }

    /** The source comes back with items of another size. */
    private void change(Session session, Watch watch, RingFormat from, int times, int parts, int hour) {
        boolean sound = bench.declaration.inputs().getFirst().kind().equals("audio");
        var to = sound ? SampleFormat.F32_PLANAR.planar(Math.max(1, from.width() * times / parts),
                Math.max(16, from.height() * times / parts), from.rateNumerator() / from.rateDenominator())
                : PixelFormat.of(from.code()).packed(from.width() * times / parts & -16, from.height() * times / parts
                & -2, from.colour(), from.rateNumerator(), from.rateDenominator(), from.deviceTickHz());
        session.change(AnalyzerBench.noise(to, sound), bench.startNs + hour * APART_NS);
        watch.occasion("a change of format to " + to.width() + "x" + to.height());
        session.play(FEW, PATIENCE_NS);
    }

    /** After a new epoch it must say what a new instance would say. */
    private void forgetful() {
        long atNs = bench.startNs + APART_NS;
        var went = ofNewEpoch(FEW, atNs);
        var fresh = ofNewEpoch(0, atNs);
        for (int i = 0; i < Math.min(went.size(), fresh.size()); i++) {
            if (!went.get(i).same(fresh.get(i))) {
                fault("carries something from one epoch into the next: result %d after it began is not what a new "
                        + "instance gives; set all state back in begin", i + 1);
                return;
            }
        }
    }

    /** What it attaches in a new epoch after so many items of another one. */
    private List<Outcome> ofNewEpoch(int before, long atNs) {
        try (var session = new Session(bench, bench.startNs, Watch.measuring(bench.declaration, FEW))) {
            session.play(before, PATIENCE_NS);
            session.restart(atNs);
            session.play(FEW, PATIENCE_NS);
            int epoch = session.first().published().epoch();
            return session.outcome().outcomes().stream().filter(one -> one.key().epoch() == epoch).toList();
        }
    }
}
