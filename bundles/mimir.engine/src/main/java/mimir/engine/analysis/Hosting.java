// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * Attaches analysers to sources and keeps them at work while bundles and sources come and go. What somebody attached
 * stays wanted until it is detached; what cannot run now waits, with a cause, and is tried again. Usable without a
 * framework. Thread-safe.
 */
public final class Hosting implements Analyzers, AutoCloseable {
    private static final long LOOK_NS = 100_000_000;
    private static final long REST_NS = 60_000_000_000L; // nobody attached anything; who does wakes the keeper
    private static final long PATIENCE_S = 10;
    private static final long STRANGERS_NS = 1_000_000_000;
    private static final int MOST_NEWS = 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Catalogue catalogue = new Catalogue();           // all guarded by lock
    private final Lineup lineup;
    private final Histories histories = new Histories();
    private final Means means;
    private final Feeds feeds;
    private final Worker keeper;
    private final Set<Offer> gone = ConcurrentHashMap.newKeySet(); // not guarded: told before the lock is had
    private final MpscVarHandleArrayQueue<Runnable> news = new MpscVarHandleArrayQueue<>(MOST_NEWS); // read under lock
    private boolean closed;
    private volatile boolean busy;

    /** Hosts nothing yet. */
    public Hosting(Means means, Workers workers) {
        lock.lock(); // the keeper runs before this is done
        try {
            this.means = means;
            this.feeds = new Feeds(workers);
            this.keeper = workers.start("analysis", WorkClass.NORMAL, false, this::keep);
            this.lineup = new Lineup(means, catalogue, feeds, histories, keeper);
        } finally {
            lock.unlock();
        }
    }

    private void keep(Worker self) {
        Throwable trouble = null;
        var told = "";
        while (!self.stopping()) {
            try {
                told = tell(trouble, told);
                trouble = null;
                look();
            } catch (RuntimeException | Error failure) {
                trouble = failure; // told at the next look: for want of memory or of the lock one may fail
            }
            self.pause(busy || trouble != null || !news.isEmpty() ? LOOK_NS : REST_NS);
        }
    }

    /** One that goes on is told once. */
    private String tell(Throwable trouble, String before) {
        var text = trouble == null ? "" : Strangers.sentence(trouble);
        if (!text.isEmpty() && !text.equals(before)) {
            means.warn().accept("stages could not be looked after and are tried again: " + text);
        }
        return text;
    }

    // ---- what comes and goes ----

    /**
     * A source is there, or there again. Neither waits nor throws, as the next two, but where {@link #MOST_NEWS} pieces
     * of news have come while somebody had the lock: then as {@link #attach}.
     */
    public void addSource(KnownSource source) {
        told(() -> {
            catalogue.add(source);
            lineup.stages().forEach(HostedStage::retry);
        }, this::lookAtAll);
    }

    /** A source is gone; its ring and its stages stay. */
    public void removeSource(String id) {
        told(() -> catalogue.gone(id), this::lookAtAll);
    }

    /** An analyser is there. Its stages begin soon after. */
    public void addOffer(Offer offer) {
        told(() -> {
            catalogue.add(offer, lineup.stages().stream().anyMatch(stage -> stage.isOf(offer.declaration())));
            lineup.stages().forEach(HostedStage::retry);
        }, this::hear);
    }

    /**
     * The registry tells a thing once, and takes what it tells back when that throws: so it is written down. Who has
     * the lock next reads it, at the latest the keeper, who tries again what goes wrong here.
     */
    private void told(Runnable step, Runnable then) {
        while (!news.offer(step)) {
            asked(() -> null); // it is full: whoever has the lock reads it
        }
        if (lock.tryLock()) {
            try {
                then.run();
            } catch (RuntimeException | Error failure) {
                means.warn().accept("stages are looked after a little later: " + Strangers.sentence(failure));
            } finally {
                lock.unlock();
            }
        }
        keeper.wake();
    }

    private void hear() {
        for (var step = news.poll(); step != null; step = news.poll()) {
            step.run();
        }
    }

    /**
     * An analyser is gone: its stages have ended when this returns, or are given up; where the lock cannot be had they
     * end soon after.
     */
    public void removeOffer(Offer offer) {
        gone.add(offer);
        try {
            await(asked(() -> {
                lookAtAll();
                return lineup.partings(parting -> parting.offer() == offer);
            }));
        } catch (RuntimeException busy) {
            means.warn().accept("stages of " + offer.declaration().name() + " end a little later: "
                    + Strangers.sentence(busy));
        }
        keeper.wake();
    }

    private void forget(Offer offer) {
        catalogue.remove(offer);
        lineup.stages().stream().filter(stage -> stage.running != null && stage.running.offer() == offer
                || stage.birth != null && stage.birth.offer() == offer)
                .forEach(stage -> lineup.stop(stage, "analyser " + stage.name + " is gone; start its bundle"));
        gone.remove(offer);
    }

    /** Without the lock: others go on, whatever an analyser does in its constructor or close. */
    private static void await(List<Aside<?>> calls) {
        long deadline = System.nanoTime() + STRANGERS_NS;
        calls.forEach(call -> call.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    /** Tries what waits, and judges what runs. The keeper calls it ten times a second. */
    void look() {
        locked(this::lookAtAll);
    }

    private void lookAtAll() {
        hear();
        gone.forEach(this::forget);
        lineup.bury();
        for (var stage : lineup.stages()) {
            if (stage.running != null) {
                check(stage);
            }
            if (stage.running == null && lineup.stages().contains(stage)) {
                resume(stage);
            }
            if (stage.birth != null) {
                lineup.advance(stage);
            }
        }
        lineup.wire();
        means.results().trim();
        lineup.stages().forEach(stage -> stage.idle = idle(stage));
        busy = !lineup.isEmpty();
    }

    /** Why nothing comes to a stage that runs, or empty. */
    private String idle(HostedStage stage) {
        return stage.sources.stream().filter(id -> !catalogue.source(id).present()).findFirst()
                .map(id -> "source " + id + " is gone; it goes on when the source is back")
                .or(() -> stage.providers.stream().filter(one -> !one.healthy()).findFirst().map(HostedStage::need))
                .orElse("");
    }

    private void check(HostedStage stage) {
        var broken = stage.running.brokenSource();
        if (broken != null) {
            lineup.stop(stage, "the memory of source " + broken + " is gone; it goes on when the source is back");
        } else if (stage.running.loop().outgrown() && stage.running.loop().cause().isEmpty() && stage.outgrows()) {
            lineup.stop(stage, "its results are larger now; it begins anew");
        } else {
            var obstacle = obstacle(stage);
            if (!obstacle.isEmpty()) {
                lineup.stop(stage, obstacle);
            } else {
                stage.judge();
                stage.running.loop().tick();
            }
        }
    }

    /** Why a stage that runs may not go on: what it needs comes no more, or its source sends something else. */
    private String obstacle(HostedStage stage) {
        try {
            catalogue.sources(stage.declaration, stage.sources);
        } catch (BadInputException other) {
            return other.getMessage();
        }
        return stage.declaration.needs().stream().filter(type -> stage.providers.stream()
                .noneMatch(one -> one.makes(stage.sources.getFirst(), type.id()))).findFirst()
                .map(type -> "nobody attaches " + type.id() + " any more; attach an analyser that does").orElse("");
    }

    private void resume(HostedStage stage) {
        var offer = catalogue.offer(stage.name);
        if (offer == null || stage.birth != null || !stage.due()) {
            return; // the cause was told when it went, or when it was tried last
        }
        if (!stage.isOf(offer.declaration())) {
            stage.waitsFor = "analyser " + stage.name + " of bundle " + stage.declaration.bundle()
                    + " is gone; start that, or detach it and attach the one of bundle " + offer.declaration().bundle();
            return;
        }
        try {
            lineup.begin(stage, catalogue.usable(stage.name));
        } catch (RuntimeException refused) {
            stage.refused(refused);
        }
    }

    // ---- what people want ----

    @Override
    public List<Kind> kinds() {
        return asked(catalogue::kinds);
    }

    @Override
    public List<StageStats> stages() {
        return asked(lineup::stats);
    }

    /** Where the past is. */
    Histories histories() {
        return histories;
    }

    @Override
    public void attach(String name, List<String> sources, Map<String, String> parameters, long backNs) {
        var wanted = asked(() -> wanted(name, sources, parameters, backNs));
        keeper.wake();
        await(wanted.births());
        locked(() -> settle(wanted));
    }

    /** A stage that somebody has just asked for. */
    private record Wanted(HostedStage stage, boolean first, List<Aside<?>> births) {
    }

    private Wanted wanted(String name, List<String> sources, Map<String, String> parameters, long backNs) {
        if (closed) {
            throw new IllegalStateException("analysis is stopping; start the engine again");
        }
        var offer = catalogue.usable(name);
        var differing = offer.declaration().differing(parameters);
        catalogue.sources(offer.declaration(), sources);
        var stage = lineup.stage(offer, sources, differing, histories.from(sources, backNs));
        boolean first = stage.attached + stage.needed == 0;
        stage.attached++;
        busy = true;
        return new Wanted(stage, first, lineup.births(stage));
    }

    /** The analyser has been made, or it takes long and the stage waits for it, or there will be none. */
    private void settle(Wanted wanted) {
        lookAtAll();
        var stage = wanted.stage();
        var failure = lineup.failure(stage);
        if (wanted.first() && failure != null && stage.running == null && lineup.stages().contains(stage)) {
            release(stage);
            throw failure;
        }
    }

    private void release(HostedStage stage) {
        stage.attached--;
        if (stage.attached + stage.needed == 0) {
            lineup.remove(stage);
        }
        lineup.wire();
    }

    @Override
    public void detach(String name, List<String> sources) {
        await(asked(() -> {
            var stage = lineup.named(name, sources);
            if (stage.attached == 0) {
                throw new BadInputException(stage.label() + " came along with "
                        + String.join(", ", lineup.stages().stream()
                        .filter(one -> one.providers.contains(stage)).map(HostedStage::label).distinct().toList())
                        + "; detach that");
            }
            release(stage);
            return lineup.partings(parting -> parting.stage() == stage);
        }));
    }

    @Override
    public void enable(String name, List<String> sources) {
        locked(() -> {
            var stage = lineup.named(name, sources);
            if (stage.running == null || stage.running.loop().cause().isEmpty()) {
                throw new BadInputException(stage.label() + " is not disabled, it is " + stage.stats().state()
                        + (stage.stats().cause().isEmpty() ? "" : ": " + stage.stats().cause()));
            }
            stage.judge();
            if (stage.overdue()) {
                throw new BadInputException(stage.label() + " is still at the item that it was disabled for; "
                        + "detach it, or wait until it comes back");
            }
            stage.running.loop().enable();
            stage.running.loop().tick();
        });
    }

    Feeds feeds() {
        return feeds;
    }

    /** Ends all stages. */
    @Override
    public void close() {
        await(asked(() -> {
            closed = true;
            lineup.stages().reversed().forEach(stage -> lineup.stop(stage, "the engine stops"));
            lineup.clear();
            feeds.close();
            means.results().clear();
            return lineup.partings(parting -> true);
        }));
        keeper.stop(Duration.ofSeconds(1));
    }

    private void locked(Runnable step) {
        asked(() -> {
            step.run();
            return null;
        });
    }

    /** Nobody calls a stranger with the lock in hand; where a machine is so slow nevertheless, people are told. */
    private <T> T asked(Supplier<T> step) {
        try {
            if (!lock.tryLock(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("analysis has been busy with stages that come and go for "
                        + PATIENCE_S + " s; try again");
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("waiting for analysis was interrupted; try again", asked);
        }
        try {
            hear();
            return step.get();
        } finally {
            lock.unlock();
        }
    }
}
