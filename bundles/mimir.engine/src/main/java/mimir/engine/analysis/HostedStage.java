// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Analyzers.Trial;
import mimir.api.analysis.Analyzers.Warm;
import mimir.api.work.StrandStats;
import mimir.ring.ReaderStats;

/**
 * A stage that somebody wants, whether it runs now or not, and its account through all its lives. Confined to the lock
 * of the host.
 */
final class HostedStage {
    private static final long MIB = 1 << 20;
    private static final long MUCH_BYTES = 65_536;
    private static final long ENOUGH_RUNS = 100;
    private static final int MOST_OUTGROWTHS = 3;
    private static final long RETRY_NS = 1_000_000_000;
    private static final long WARM_UP_NS = 20_000_000_000L; // see Analyzers.Warm

    final String name;
    final List<String> sources;
    final Map<String, String> parameters; // those that differ from the defaults
    final StageCounts counts = new StageCounts();
    final List<HostedStage> providers = new ArrayList<>();
    private final long[] past = new long[7];
    private final long[] warmPast = new long[4];
    Declaration declaration;
    int attached;
    int needed;
    Birth birth;              // its analyser is being made, or was and waits for what it needs
    RunningStage running;
    RuntimeException failure; // why it could not begin when it was tried last, or null
    long fromNs = Histories.NOW; // where its first life begins
    String waitsFor = "";
    String idle = "";
    private boolean overdue;
    private boolean tried;
    private long triedNs;
    private long judgedRuns;
    private long judgedBytes;
    private long begunNs;
    private long[] warmFrom; // what it had done when it was warm; null before
    private String remark = "";
    private boolean wasDemoted;
    private String beginning = ""; // how long its begin has lasted, or empty
    private long itemsBefore;      // when its life began
    private int outgrowths;        // lives in a row that ended before their first item

    HostedStage(Declaration declaration, List<String> sources, Map<String, String> parameters) {
        this.name = declaration.name();
        this.declaration = declaration.lasting();
        this.sources = List.copyOf(sources);
        this.parameters = Map.copyOf(parameters);
    }

    boolean is(String otherName, List<String> otherSources) {
        return name.equals(otherName) && sources.equals(otherSources);
    }

    /** False for an analyser that another bundle calls so. */
    boolean isOf(Declaration other) {
        return name.equals(other.name()) && declaration.bundle().equals(other.bundle());
    }

    String label() {
        return name + " of " + String.join(", ", sources);
    }

    boolean makes(String source, String typeId) {
        return sources.getFirst().equals(source) && declaration.makes(typeId);
    }

    /** Rings that it writes. */
    List<String> claims() {
        var suffix = Declaration.suffix(parameters);
        return declaration.outputs().stream()
                .map(made -> ResultHome.identity(sources.getFirst(), made.layout().id(), suffix)).toList();
    }

    /** Where the results lie that it needs, by type: of those who were attached for it. */
    Map<String, String> given() {
        var source = sources.getFirst();
        var given = new HashMap<String, String>();
        for (var type : declaration.needs()) {
            providers.stream().filter(one -> one.makes(source, type.id())).findFirst().ifPresent(one -> given.put(
                    type.id(), ResultHome.identity(source, type.id(), Declaration.suffix(one.parameters))));
        }
        return given;
    }

    /** Looks how its runs go: who takes for ever or allocates too much is disabled, who allocates much is told so. */
    void judge() {
        boolean begins = running.loop().begins(); // asked first: who begins only now has not lasted long
        var stats = running.strand().stats();
        overdue = stats.stuck() && !begins;
        beginning = !begins || stats.runningNs() < Strangers.LONG_NS ? "" : String.format(Locale.ROOT,
                "%s has been in its begin for %.1f s; it goes on when that returns, or detach it", name,
                stats.runningNs() / 1e9);
        if (warmFrom == null && System.nanoTime() - begunNs > WARM_UP_NS) {
            warmFrom = done(sums());
        }
        if (overdue && running.loop().cause().isEmpty()) {
            running.loop().disable(name + String.format(Locale.ROOT,
                    " takes %.1f s for one item of which it may take %.1f ms; correct it, or detach it",
                    stats.runningNs() / 1e9, declaration.budgetNs() / 1e6));
            running.loop().tell();
        }
        long heap = running.loop().heap().perSecond(stats.allocatedBytes(), System.nanoTime());
        if (heap > declaration.heapBytes() && running.loop().cause().isEmpty()) {
            running.loop().disable(name + String.format(Locale.ROOT, " allocates %.1f MiB in a second and may "
                    + "allocate %d, for collecting it slows everybody; let it allocate in begin, or declare "
                    + "heapMebibytes", heap / (double) MIB, declaration.heapBytes() / MIB));
            running.loop().tell();
        }
        remark(stats);
    }

    /**
     * Its results have outgrown their rings. True when it is to begin anew; false for one that has done so again and
     * again without a look at an item, which is disabled.
     */
    boolean outgrows() {
        outgrowths = counts.items() > itemsBefore ? 1 : outgrowths + 1;
        if (outgrowths <= MOST_OUTGROWTHS) {
            return true;
        }
        outgrowths = 0;
        running.loop().disable(name + " says larger tailBytes each time it is asked, and so never begins; let it say "
                + "the most that there can be");
        running.loop().tell();
        return false;
    }

    private void remark(StrandStats stats) {
        if (running.loop().isDemoted()) {
            remark = String.format(Locale.ROOT, "%s takes longer for an item than the %.1f ms that others can wait, and"
                    + " runs apart from them until it meets its deadlines", name,
                    Math.min(declaration.budgetNs(), Admission.SHORT_NS) / 1e6);
            wasDemoted = true;
            return;
        }
        if (wasDemoted) {
            wasDemoted = false;
            remark = "";
        }
        long runs = stats.runs() - judgedRuns;
        if (runs >= ENOUGH_RUNS) {
            long each = (stats.allocatedBytes() - judgedBytes) / runs;
            remark = each <= MUCH_BYTES ? "" : String.format(Locale.ROOT, "%s allocates %.1f KiB an item, which costs "
                    + "everybody pauses; let it allocate in begin only", name, each / 1024.0);
            judgedRuns = stats.runs();
            judgedBytes = stats.allocatedBytes();
        }
    }

    /** It could not begin; it is tried again, and not at once. */
    void refused(RuntimeException why) {
        failure = why;
        waitsFor = Strangers.sentence(why);
        tried = true;
        triedNs = System.nanoTime();
    }

    /** Something changed. */
    void retry() {
        tried = false;
    }

    boolean due() {
        return !tried || System.nanoTime() - triedNs > RETRY_NS;
    }

    boolean overdue() {
        return overdue;
    }

    /** It runs anew; its instance is another one. */
    void begins(RunningStage life) {
        birth = null;
        running = life;
        failure = null;
        waitsFor = "";
        tried = false;
        remark = "";
        beginning = "";
        overdue = false;
        itemsBefore = counts.items();
        judgedRuns = 0;
        judgedBytes = 0;
        begunNs = System.nanoTime();
        warmFrom = null;
    }

    /** What is listed of a life that did not end; it counts nothing. */
    HostedStage remnant(RunningStage life) {
        var remnant = new HostedStage(declaration, sources, parameters);
        remnant.running = life;
        remnant.overdue = true;
        if (life.loop().cause().isEmpty()) {
            life.loop().disable(name + " was taken away and is still at its last item; restart Mimir to be rid of it");
        }
        return remnant;
    }

    /** What is told of who needs it, as long as it does not run. */
    String need() {
        var cause = cause();
        return "it needs " + label() + ", which is " + state() + (cause.isEmpty() ? "" : ": " + cause);
    }

    boolean healthy() {
        return state().equals("running");
    }

    /** Adds the account of the life in hand to those before. */
    void ends() {
        var sums = sums();
        System.arraycopy(warm(sums), 0, warmPast, 0, warmPast.length);
        System.arraycopy(sums, 0, past, 0, past.length);
        warmFrom = null;
        running = null;
        fromNs = counts.items() > 0 ? Histories.NOW : fromNs; // one that could not begin yet begins where it would have
    }

    private static final int SEEN = 0;
    private static final int OVERTAKEN = 1;
    private static final int CPU = 2;
    private static final int BUSY = 3;
    private static final int LONGEST = 4;
    private static final int ALLOCATED = 5;
    private static final int SKIPPED = 6;

    private static long[] now(RunningStage life) {
        StrandStats strand = life.strand().stats();
        var now = new long[] {0, 0, strand.cpuNs(), strand.busyNs(), strand.longestNs(), strand.allocatedBytes(), 0};
        ReaderStats reader = life.reader();
        if (reader != null) {
            now[SEEN] = reader.published() - reader.pending();
            now[OVERTAKEN] = reader.overtaken();
            now[SKIPPED] = reader.skipped();
        }
        if (life.past() != null) {
            now[SEEN] += life.past().seen();
            now[OVERTAKEN] += life.past().overtaken();
        }
        return now;
    }

    private long[] sums() {
        var sum = past.clone();
        if (running != null) {
            var now = now(running);
            for (int i = 0; i < sum.length; i++) {
                sum[i] = i == LONGEST ? Math.max(sum[i], now[i]) : sum[i] + now[i];
            }
        }
        return sum;
    }

    /** In the order of {@link Warm}. */
    private long[] done(long[] sum) {
        return new long[] {counts.items(), sum[OVERTAKEN] + sum[SKIPPED] + counts.givenUp(), counts.misses(),
            sum[ALLOCATED]};
    }

    private long[] warm(long[] sum) {
        var warm = warmPast.clone();
        var done = done(sum);
        for (int i = 0; warmFrom != null && i < warm.length; i++) {
            warm[i] += done[i] - warmFrom[i];
        }
        return warm;
    }

    StageStats stats() {
        var sum = sums();
        var warm = warm(sum);
        return new StageStats(name, sources, parameters, declaration.workClass(), state(), cause(), attached + needed,
                counts.items(), counts.results(), counts.late(), Math.max(0, sum[SEEN] - counts.answers()),
                sum[OVERTAKEN], counts.failures(), counts.misses(), sum[CPU], sum[BUSY], sum[LONGEST], sum[ALLOCATED],
                new Warm(warm[0], warm[1], warm[2], warm[3]), new Trial(running != null && running.loop().onTrial(),
                counts.tried(), counts.triedMisses()));
    }

    private String state() {
        if (running == null) {
            return birth != null && birth.isLong() ? "stuck" : "waiting";
        }
        if (!running.loop().cause().isEmpty()) {
            return overdue ? "stuck" : "disabled";
        }
        if (isLongInBegin()) {
            return "stuck";
        }
        return idle.isEmpty() ? "running" : "waiting";
    }

    private boolean isLongInBegin() {
        return !beginning.isEmpty() && running.loop().begins();
    }

    private String cause() {
        if (running == null) {
            return birth != null && birth.isLong() ? birth.cause() : waitsFor;
        }
        var cause = running.loop().cause();
        return !cause.isEmpty() ? cause : isLongInBegin() ? beginning : !idle.isEmpty() ? idle : remark;
    }
}
