// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import java.util.List;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.AttachmentState;
import mimir.api.work.Pools;
import mimir.api.work.Strand;
import mimir.api.work.Worker;
import mimir.ring.HostClock;
import mimir.ring.RingFormat;

/**
 * One analyser at work: an item, or a set, per run. Confined to its strand but for {@link #nudge}, {@link #disable} and
 * {@link #stop}, which any thread may call.
 */
final class StageLoop implements Pools.Job {
    private static final int MOST_FAILURES = 5;

    private final Place declared;
    private final Analyzer analyzer;
    private final Matcher matcher;
    private final AttachedResults attached;
    private final ItemInput input;
    private final Outputs outputs;
    private final ResultReader<?>[] needs;
    private final Progress progress;
    private final StageCounts counts;
    private final Admission admission;
    private final HeapUse heap = new HeapUse();
    private final HeapUse.Begin beginning = this::beginAtPlace; // made once: this allocates nothing that counts
    private final long budgetNs;
    private volatile StageLoop[] dependants = {};
    private volatile Strand strand;
    private volatile String cause = "";
    private volatile boolean outgrown;
    private volatile Worker keeper;
    private volatile boolean stopped;
    private volatile boolean begins; // the run in hand, or the last one, calls begin and looks at nothing
    private int failuresInARow;

    /**
     * A stage that has not begun.
     *
     * @param needs readers of the types that must be there first, closed by this
     */
    StageLoop(Place declared, Analyzer analyzer, Matcher matcher, AttachedResults attached, Outputs outputs,
            List<? extends ResultReader<?>> needs, Progress progress, StageCounts counts, long budgetNs) {
        this.declared = declared;
        this.analyzer = analyzer;
        this.matcher = matcher;
        this.attached = attached;
        this.input = new ItemInput(matcher, attached);
        this.outputs = outputs;
        this.needs = needs.toArray(ResultReader<?>[]::new);
        this.progress = progress;
        this.counts = counts;
        this.budgetNs = budgetNs;
        this.admission = new Admission(budgetNs);
        attached.answer(null);
    }

    /** Before the first nudge. */
    void on(Strand now) {
        strand = now;
    }

    /** Who makes a stage anew when its results have outgrown their rings. */
    void keptBy(Worker now) {
        keeper = now;
    }

    void dependants(List<StageLoop> now) {
        dependants = now.toArray(StageLoop[]::new);
    }

    /** There may be something to look at. */
    void nudge(long itemHostNs) {
        var on = strand;
        if (on != null) {
            on.ready(itemHostNs + budgetNs);
        }
    }

    /** Nothing is looked at until {@link #enable}. */
    void disable(String why) {
        cause = why;
        progress.running(false);
    }

    void enable() {
        failuresInARow = 0;
        heap.restart();
        cause = "";
        progress.running(true);
    }

    HeapUse heap() {
        return heap;
    }

    /** True until it is admitted to the pool of its class. */
    boolean onTrial() {
        return !admission.isOver();
    }

    /** True while it runs apart from others of its class, because it takes too long. */
    boolean isDemoted() {
        return admission.isDemoted();
    }

    /** True when the run in hand is one of begin, which may take its time; ask before how long it has lasted. */
    boolean begins() {
        return begins;
    }

    /** Why it does not go on, or empty. */
    String cause() {
        return cause;
    }

    /** True when the source's items have become larger than the rings of results were made for. */
    boolean outgrown() {
        return outgrown;
    }

    /** What the run in hand attaches is given up; no other follows. */
    void stop() {
        stopped = true;
        progress.running(false);
    }

    @Override
    public long run() {
        if (begins) {
            begins = false;
        }
        if (stopped || outgrown || !cause.isEmpty() || !matcher.next()) {
            return DONE;
        }
        if (needs.length == 0) {
            matcher.renew();
        } else {
            var state = needed();
            if (state == AttachmentState.PENDING) {
                return DONE; // who attaches it makes this ready
            }
            if (state == AttachmentState.ABSENT) { // or gone, which is the same to who needs it
                passOver();
                return deadlineOfNext();
            }
        }
        if (matcher.begins()) {
            begin(); // the next run looks: this one may have lasted for as long as it takes to load a model
        } else {
            look();
        }
        return deadlineOfNext();
    }

    private long deadlineOfNext() {
        return cause.isEmpty() && !stopped && !outgrown && matcher.next() ? matcher.deadlineNs() : DONE;
    }

    /** ABSENT when one of them is not there and will not come, else PENDING when one is not there yet. */
    private AttachmentState needed() {
        var owner = matcher.owner();
        var all = AttachmentState.PRESENT;
        for (int i = 0; owner != null && i < needs.length; i++) {
            var state = needs[i].look(owner);
            if (state == AttachmentState.ABSENT || state == AttachmentState.GONE) {
                return AttachmentState.ABSENT;
            }
            all = state == AttachmentState.PENDING ? state : all;
        }
        return all;
    }

    private void passOver() {
        counts.giveUp();
        pass();
    }

    /** The item, or set, in hand is over. */
    private void pass() {
        reach(0);
        matcher.done();
        tell();
    }

    private void begin() {
        begins = true;
        try {
            heap.apart(beginning);
        } catch (Throwable thrown) {
            fail(thrown, "could not begin");
        }
        if (matcher.begins()) { // the item cannot be looked at now
            tell();
        }
    }

    private void beginAtPlace() {
        var place = place();
        if (outputs.fit(analyzer, place)) {
            analyzer.begin(place);
            matcher.begun();
        } else {
            outgrow();
        }
    }

    private void outgrow() {
        outgrown = true;
        progress.running(false);
        var by = keeper;
        if (by != null) {
            by.wake();
        }
    }

    private Place place() {
        var formats = new ArrayList<RingFormat>();
        for (int i = 0; i < matcher.sources(); i++) {
            var item = matcher.inlet(i).chosen();
            formats.add(item == null ? matcher.inlet(i).format() : item.format());
        }
        return new Place(declared.analyser(), declared.sourceIds(), formats, declared.parameters());
    }

    private void look() {
        reach(-1);
        counts.item();
        outputs.begin();
        attached.forget();
        attached.answer(Thread.currentThread());
        long deadlineNs = matcher.deadlineNs();
        long beganNs = HostClock.nowNs();
        try {
            analyze();
            long nowNs = HostClock.nowNs();
            judge(nowNs <= deadlineNs, true, nowNs - beganNs, nowNs);
            finish(nowNs, nowNs > deadlineNs);
        } catch (Throwable thrown) { // whatever a stranger's code throws ends here, and costs it its item only
            outputs.abort();
            failed(thrown);
            long nowNs = HostClock.nowNs();
            judge(nowNs <= deadlineNs, false, nowNs - beganNs, nowNs);
        }
        pass();
    }

    private void analyze() throws Exception {
        try {
            analyzer.analyze(input, outputs);
        } finally {
            outputs.end();
            attached.answer(null);
        }
        if (matcher.ended()) {
            throw new IllegalStateException("it released or moved the lease of its item, which is the engine's; leave "
                    + "items as they are");
        }
    }

    /**
     * Counts a missed deadline where it belongs; whoever keeps them on trial, and does not fail, is admitted, and who
     * takes long is set apart.
     */
    private void judge(boolean inTime, boolean sane, long tookNs, long nowNs) {
        if (!admission.isOver()) {
            counts.tried(!inTime);
        } else if (!inTime) {
            counts.miss();
        }
        switch (admission.judge(inTime && sane, tookNs, nowNs)) {
            case ADMIT -> strand.admit();
            case DEMOTE -> strand.demote();
            case STAY -> { }
        }
    }

    private void finish(long nowNs, boolean late) {
        failuresInARow = 0;
        var owner = matcher.owner();
        if (stopped || owner == null || !sound()) {
            outputs.abort();
            giveUp();
            return;
        }
        if (outputs.commit(matcher.inlet(0).taken(), matcher.inlet(0).sound, nowNs, late)) {
            counts.result(late);
        }
        counts.answer();
    }

    /** One that was overwritten is told by its reader, and one at which the stage was stopped by nobody. */
    private void giveUp() {
        if (!stopped && matcher.owner() != null && (matcher.ended() || matcher.owner().intact())) {
            counts.giveUp();
        }
    }

    /** True when nothing that the analyser read was overwritten meanwhile: no item, and no result of others. */
    private boolean sound() {
        return matcher.intact() && attached.sound();
    }

    /** What was overwritten while it was read may make anybody throw: that disables nobody. */
    private void failed(Throwable thrown) {
        counts.failure();
        giveUp();
        failuresInARow += matcher.ended() || sound() ? 1 : 0;
        if (failuresInARow >= MOST_FAILURES && !stopped) {
            fail(thrown, "failed " + MOST_FAILURES + " times in a row");
        }
    }

    private void fail(Throwable thrown, String what) {
        disable(declared.analyser() + " " + what + ": " + Strangers.sentence(thrown));
    }

    /**
     * Nothing before the item gets a result any more.
     *
     * @param by -1 when the item itself may still get one, 0 when not
     */
    private void reach(int by) {
        if (matcher.owner() != null) {
            var item = matcher.inlet(0).taken();
            long samples = matcher.inlet(0).sound ? item.height() : 1;
            progress.reach(item.epoch(), item.sequence() + by, item.deviceTime() - 1 + (by == 0 ? samples : 0));
        }
    }

    /** Those who wait for what this attaches look again. */
    void tell() {
        for (var dependant : dependants) {
            dependant.tick();
        }
    }

    /** There may be something to do: what it waited for came, or a deadline passed. */
    void tick() {
        var on = strand;
        if (on != null) {
            on.ready(HostClock.nowNs() + budgetNs);
        }
    }

    /** After the end of the strand only. */
    void close() {
        attached.close();
        for (var need : needs) {
            need.close();
        }
        for (int i = 0; i < matcher.sources(); i++) {
            matcher.inlet(i).close();
        }
    }
}
