// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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

/**
 * Attaches analysers to sources and keeps them at work while bundles and sources come and go. What somebody attached
 * stays wanted until it is detached; what cannot run now waits, with a cause, and is tried again. Usable without a
 * framework. Thread-safe.
 */
public final class Hosting implements Analyzers, AutoCloseable {
    private static final long LOOK_NS = 100_000_000;
    private static final long REST_NS = 60_000_000_000L; // nobody attached anything; who does wakes the keeper
    private static final long PATIENCE_S = 10;

    private final ReentrantLock lock = new ReentrantLock();
    private final Catalogue catalogue = new Catalogue();           // all guarded by lock
    private final List<HostedStage> stages = new ArrayList<>();
    private final List<HostedStage> remnants = new ArrayList<>();  // detached, but their analyser did not come back
    private final Means means;
    private final Feeds feeds;
    private final Worker keeper;
    private final Set<Offer> gone = ConcurrentHashMap.newKeySet(); // not guarded: told before the lock is had
    private boolean closed;
    private volatile boolean busy;

    /** Hosts nothing yet. */
    public Hosting(Means means, Workers workers) {
        this.means = means;
        this.feeds = new Feeds(workers);
        this.keeper = workers.start("analysis", WorkClass.NORMAL, false, this::keep);
    }

    private void keep(Worker self) {
        while (!self.stopping()) {
            look();
            self.pause(busy ? LOOK_NS : REST_NS);
        }
    }

    // ---- what comes and goes ----

    /** A source is there, or there again. */
    public void addSource(KnownSource source) {
        locked(() -> {
            catalogue.add(source);
            stages.forEach(HostedStage::retry);
            lookAtAll();
        });
    }

    /** A source is gone; its ring and its stages stay. */
    public void removeSource(String id) {
        locked(() -> {
            catalogue.gone(id);
            lookAtAll();
        });
    }

    /** An analyser is there. Its stages begin soon after. */
    public void addOffer(Offer offer) {
        locked(() -> {
            catalogue.add(offer);
            stages.forEach(HostedStage::retry);
        });
        keeper.wake();
    }

    /** An analyser is gone: its stages have ended when this returns, or are given up. */
    public void removeOffer(Offer offer) {
        gone.add(offer);
        locked(this::lookAtAll);
        keeper.wake();
    }

    private void forget(Offer offer) {
        catalogue.remove(offer);
        stages.stream().filter(stage -> stage.running != null && stage.running.offer() == offer).toList()
                .forEach(stage -> stop(stage, "analyser " + stage.name + " is gone; start its bundle"));
        gone.remove(offer);
    }

    /** Tries what waits, and judges what runs. The keeper calls it ten times a second. */
    void look() {
        locked(this::lookAtAll);
    }

    private void lookAtAll() {
        gone.forEach(this::forget);
        remnants.removeIf(remnant -> remnant.running.finish());
        for (var stage : List.copyOf(stages)) {
            if (stage.running != null) {
                check(stage);
            }
            if (stage.running == null && stages.contains(stage)) {
                resume(stage);
            }
        }
        wire();
        stages.forEach(stage -> stage.idle = idle(stage));
        busy = !stages.isEmpty() || !remnants.isEmpty();
    }

    /** Why nothing comes to a stage that runs, or empty. */
    private String idle(HostedStage stage) {
        return stage.sources.stream().filter(id -> !catalogue.source(id).present()).findFirst()
                .map(id -> "source " + id + " is gone; it goes on when the source is back")
                .or(() -> stage.providers.stream().filter(one -> !one.stats().state().equals("running")).findFirst()
                        .map(one -> "it needs " + one.label() + ", which is " + one.stats().state() + ": "
                                + one.stats().cause())).orElse("");
    }

    private void check(HostedStage stage) {
        var broken = stage.running.brokenSource();
        if (broken != null) {
            stop(stage, "the memory of source " + broken + " is gone; it goes on when the source is back");
        } else if (stage.running.loop().outgrown()) {
            stop(stage, "its results are larger now; it begins anew");
        } else {
            var obstacle = obstacle(stage);
            if (!obstacle.isEmpty()) {
                stop(stage, obstacle);
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
        if (offer == null || !stage.due()) {
            return; // the cause was told when it went, or when it was tried last
        }
        try {
            begin(stage, catalogue.usable(stage.name), new HashSet<>());
        } catch (RuntimeException | LinkageError refused) {
            stage.refused(sentence(refused));
        }
    }

    private static String sentence(Throwable refused) {
        return refused.getMessage() == null ? refused.getClass().getSimpleName() : refused.getMessage();
    }

    // ---- what people want ----

    @Override
    public List<Kind> kinds() {
        return asked(catalogue::kinds);
    }

    @Override
    public List<StageStats> stages() {
        return asked(() -> {
            var all = new ArrayList<StageStats>();
            stages.forEach(stage -> all.add(stage.stats()));
            remnants.forEach(remnant -> all.add(remnant.stats()));
            all.sort(Comparator.comparing((StageStats stage) -> stage.sources().getFirst())
                    .thenComparing(StageStats::name));
            return List.copyOf(all);
        });
    }

    @Override
    public void attach(String name, List<String> sources, Map<String, String> parameters) {
        locked(() -> {
            if (closed) {
                throw new IllegalStateException("analysis is stopping; start the engine again");
            }
            var offer = catalogue.usable(name);
            var differing = offer.declaration().differing(parameters);
            catalogue.sources(offer.declaration(), sources);
            var known = stages.stream().filter(stage -> stage.is(name, sources) && stage.parameters.equals(differing))
                    .findFirst();
            known.orElseGet(() -> make(offer, sources, differing, new HashSet<>())).attached++;
            wire();
        });
        keeper.wake();
    }

    private HostedStage make(Offer offer, List<String> sources, Map<String, String> differing, Set<String> beyond) {
        var stage = new HostedStage(offer.declaration(), sources, differing);
        try {
            begin(stage, offer, beyond);
        } catch (RuntimeException | LinkageError refused) {
            release(stage);
            throw refused;
        }
        stages.add(stage);
        return stage;
    }

    /**
     * Begins a stage by what its analyser declares now, after those that it needs.
     *
     * @param beyond names of analysers that wait for this one: none of them can be needed
     */
    private void begin(HostedStage stage, Offer offer, Set<String> beyond) {
        var declaration = offer.declaration();
        var from = catalogue.sources(declaration, stage.sources);
        declaration.differing(stage.parameters);
        stage.declaration = declaration;
        refuseClaimed(stage);
        if (!beyond.add(declaration.name())) {
            throw new BadInputException("analyser " + declaration.name() + " needs its own results by way of "
                    + String.join(", ", beyond) + "; correct their needs");
        }
        provide(stage, beyond);
        beyond.remove(declaration.name());
        stage.begins(RunningStage.start(means, offer, from, stage.parameters, stage.counts));
        stage.running.loop().keptBy(keeper);
        for (var source : from) {
            feeds.add(source, stage.running.loop());
        }
    }

    private void refuseClaimed(HostedStage stage) {
        for (var claim : stage.claims()) {
            stages.stream().filter(other -> other != stage && other.claims().contains(claim)).findFirst()
                    .ifPresent(other -> {
                        throw new BadInputException(other.label() + " attaches " + claim
                                + " already, and there can be one only; detach it first");
                    });
        }
    }

    /** Finds or attaches who gives what a stage needs, and lets others go. */
    private void provide(HostedStage stage, Set<String> beyond) {
        var source = stage.sources.getFirst();
        var now = new ArrayList<HostedStage>();
        for (var type : stage.declaration.needs()) {
            var provider = stages.stream().filter(one -> one != stage && one.makes(source, type.id()))
                    .min(Comparator.comparing(one -> one.parameters.size()))
                    .orElseGet(() -> make(catalogue.provider(stage.name, type.id(), source), List.of(source), Map.of(),
                            beyond));
            if (!stage.providers.contains(provider) && !now.contains(provider)) {
                provider.needed++;
                stage.providers.add(provider); // so that a failure further on gives it back
            }
            now.add(provider);
        }
        stage.providers.stream().filter(one -> !now.contains(one)).toList().forEach(one -> letGo(stage, one));
    }

    private void letGo(HostedStage stage, HostedStage provider) {
        stage.providers.remove(provider);
        provider.needed--;
        if (provider.attached + provider.needed == 0) {
            remove(provider);
        }
    }

    private void release(HostedStage stage) {
        List.copyOf(stage.providers).forEach(provider -> letGo(stage, provider));
    }

    private void remove(HostedStage stage) {
        stages.remove(stage);
        stop(stage, "");
        release(stage);
    }

    private void stop(HostedStage stage, String cause) {
        stage.waitsFor = cause;
        var life = stage.running;
        if (life == null) {
            return;
        }
        stage.sources.forEach(source -> feeds.remove(source, life.loop()));
        boolean ended = life.close();
        stage.ends();
        if (!ended) {
            remnants.add(stage.remnant(life));
            busy = true;
        }
    }

    @Override
    public void detach(String name, List<String> sources) {
        locked(() -> {
            var stage = named(name, sources);
            if (stage.attached == 0) {
                throw new BadInputException(stage.label() + " came along with " + String.join(", ", stages.stream()
                        .filter(one -> one.providers.contains(stage)).map(HostedStage::label).toList())
                        + "; detach that");
            }
            stage.attached--;
            if (stage.attached + stage.needed == 0) {
                remove(stage);
            }
            wire();
        });
    }

    @Override
    public void enable(String name, List<String> sources) {
        locked(() -> {
            var stage = named(name, sources);
            if (stage.running != null) {
                stage.judge();
                if (stage.overdue()) {
                    throw new BadInputException(stage.label() + " is still at the item that it was disabled for; "
                            + "detach it, or wait until it comes back");
                }
                stage.running.loop().enable();
                stage.running.loop().tick();
            }
        });
    }

    /** The newest stage of a name, of several with other parameters one that does not run first. */
    private HostedStage named(String name, List<String> sources) {
        return stages.reversed().stream().filter(stage -> stage.is(name, sources))
                .min(Comparator.comparing(HostedStage::healthy)).orElseThrow(() -> new BadInputException(name
                        + " is not attached to " + String.join(", ", sources) + "; "
                        + (stages.isEmpty() ? "nothing is attached" : "attached are " + String.join("; ",
                        stages.stream().map(HostedStage::label).sorted().toList()))));
    }

    /** Tells each stage who waits for it. */
    private void wire() {
        for (var stage : stages) {
            if (stage.running != null) {
                stage.running.loop().dependants(stages.stream()
                        .filter(one -> one.running != null && one.providers.contains(stage))
                        .map(one -> one.running.loop()).toList());
            }
        }
    }

    Feeds feeds() {
        return feeds;
    }

    /** Ends all stages. */
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            List.copyOf(stages.reversed()).forEach(stage -> stop(stage, "the engine stops"));
            stages.clear();
            feeds.close();
        });
        keeper.stop(Duration.ofSeconds(1));
    }

    private void locked(Runnable step) {
        asked(() -> {
            step.run();
            return null;
        });
    }

    /** A stranger's constructor or close may never return: who comes later is told so, and not held up for ever. */
    private <T> T asked(Supplier<T> step) {
        try {
            if (!lock.tryLock(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("an analyser that begins or ends has held analysis up for "
                        + PATIENCE_S + " s; try again, or stop its bundle");
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("waiting for analysis was interrupted; try again", asked);
        }
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }
}
