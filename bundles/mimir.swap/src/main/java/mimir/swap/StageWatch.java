// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.Kind;
import mimir.api.analysis.Analyzers.StageStats;

/**
 * The stages of a bundle's analysers, from before its stop until each looks at items again. Confined to the thread that
 * swaps.
 */
final class StageWatch {
    private static final long LOOK_NS = 5_000_000;
    private static final long SILENT_NS = 1_000_000_000;

    private final Analyzers analyzers;
    private final ToLongFunction<String> published;
    private final List<String> kinds;
    private final List<Former> formers = new ArrayList<>();

    /** A stage that ran, and how many items it had looked at without a fault when it was stopped. */
    private record Former(StageStats stage, long done) {
    }

    /**
     * Remembers what runs now.
     *
     * @param analyzers null where nobody hosts any
     * @param published items of a source so far, -1 when it is not there
     */
    StageWatch(Analyzers analyzers, String bundle, ToLongFunction<String> published) {
        this.analyzers = analyzers;
        this.published = published;
        kinds = analyzers == null ? List.of()
                : analyzers.kinds().stream().filter(kind -> kind.bundle().equals(bundle)).map(Kind::name).toList();
        stages().stream().filter(stage -> kinds.contains(stage.name()) && stage.state().equals("running"))
                .forEach(stage -> formers.add(new Former(stage, done(stage))));
    }

    private List<StageStats> stages() {
        return analyzers == null ? List.of() : analyzers.stages();
    }

    private static long done(StageStats stage) {
        return stage.items() - stage.failures();
    }

    /** What goes and comes back. */
    List<String> analysers() {
        return kinds;
    }

    /** Those that ran, for people. */
    List<String> names() {
        return formers.stream().map(StageWatch::name).toList();
    }

    private static String name(Former former) {
        return former.stage().name() + " of " + String.join(", ", former.stage().sources());
    }

    /** They have stopped: what they look at from now on, they look at with the new code. */
    void stopped() {
        formers.replaceAll(former -> new Former(former.stage(),
                now(former).map(StageWatch::done).orElse(former.done())));
    }

    private Optional<StageStats> now(Former former) {
        var stage = former.stage();
        return stages().stream().filter(one -> one.users() > 0 && one.name().equals(stage.name())
                && one.sources().equals(stage.sources()) && one.parameters().equals(stage.parameters())).findFirst();
    }

    /**
     * Waits until each stage that ran looks at items again; one that was detached meanwhile, or whose source says
     * nothing, is not waited for.
     *
     * @throws IllegalStateException when one does not; the message says which and why
     */
    void await(Duration patience) {
        long begin = System.nanoTime();
        var before = new ArrayList<Long>();
        formers.forEach(former -> before.add(itemsThere(former)));
        for (int i = 0; i < formers.size(); i++) {
            var former = formers.get(i);
            while (!isBack(former, itemsThere(former) == before.get(i) && System.nanoTime() - begin > SILENT_NS)) {
                if (System.nanoTime() - begin > patience.toNanos()) {
                    throw new IllegalStateException("stage " + name(former) + " did not look at an item within "
                            + patience.toSeconds() + " s" + now(former).map(StageStats::cause)
                            .filter(cause -> !cause.isEmpty()).map(cause -> ": " + cause).orElse(""));
                }
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    private long itemsThere(Former former) {
        return published.applyAsLong(former.stage().sources().getFirst());
    }

    private boolean isBack(Former former, boolean silent) {
        var now = now(former);
        if (now.isEmpty()) {
            return true;
        }
        var stage = now.get();
        return switch (stage.state()) {
            case "running" -> silent || done(stage) > former.done();
            case "disabled" -> throw new IllegalStateException("stage " + name(former)
                    + " did not come back: " + stage.cause());
            default -> itemsThere(former) < 0;
        };
    }
}
