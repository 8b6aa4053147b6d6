// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.work.Worker;

/** The stages that somebody wants, and who needs whom. Confined to the lock of the host. */
final class Lineup {
    private final List<HostedStage> stages = new ArrayList<>();
    private final List<HostedStage> remnants = new ArrayList<>(); // detached, but their analyser is at an item
    private final List<Parting> partings = new ArrayList<>();     // detached, but in its constructor or close
    private final Means means;
    private final Catalogue catalogue;
    private final Feeds feeds;
    private final Histories histories;
    private final Worker keeper;
    private final Strangers strangers;

    Lineup(Means means, Catalogue catalogue, Feeds feeds, Histories histories, Worker keeper) {
        this.histories = histories;
        this.means = means;
        this.catalogue = catalogue;
        this.feeds = feeds;
        this.keeper = keeper;
        this.strangers = new Strangers(means, keeper::wake);
    }

    /** Those that are wanted, as they are now. */
    List<HostedStage> stages() {
        return List.copyOf(stages);
    }

    boolean isEmpty() {
        return stages.isEmpty() && remnants.isEmpty() && partings.isEmpty();
    }

    List<StageStats> stats() {
        var all = new ArrayList<StageStats>();
        stages.forEach(stage -> all.add(stage.stats()));
        remnants.forEach(remnant -> all.add(remnant.stats()));
        partings.stream().filter(Parting::isLong).forEach(parting -> all.add(parting.stats()));
        all.sort(Comparator.comparing((StageStats stage) -> stage.sources().getFirst())
                .thenComparing(StageStats::name));
        return List.copyOf(all);
    }

    /** Lets go of those whose analyser has come back. */
    void bury() {
        for (var remnant : List.copyOf(remnants)) {
            if (remnant.running.finish()) {
                remnants.remove(remnant);
                part(remnant, remnant.running.offer(), remnant.running.analyzer());
            }
        }
        partings.removeIf(Parting::isOver);
    }

    /** Calls that end analysers which were taken away. */
    List<Aside<?>> partings(Predicate<Parting> which) {
        return partings.stream().filter(which).<Aside<?>>map(Parting::call).toList();
    }

    /**
     * The stage of an analyser at its sources, made when there is none.
     *
     * @param fromNs where it begins, canonical time; {@link Histories#NOW} for now
     * @throws BadInputException when there is one, and it is to begin in the past
     */
    HostedStage stage(Offer offer, List<String> sources, Map<String, String> differing, long fromNs) {
        var known = stages.stream().filter(stage -> stage.is(offer.declaration().name(), sources)
                && stage.parameters.equals(differing)).findFirst();
        if (known.isPresent() && fromNs != Histories.NOW) {
            throw new BadInputException(known.get().label() + " is attached already and looks at what comes; detach it"
                    + " first, or attach without --from");
        }
        return known.orElseGet(() -> make(offer, sources, differing, fromNs, new HashSet<>()));
    }

    /** Begins a stage that waited. */
    void begin(HostedStage stage, Offer offer) {
        begin(stage, offer, new HashSet<>());
    }

    private HostedStage make(Offer offer, List<String> sources, Map<String, String> differing, long fromNs,
            Set<String> beyond) {
        var stage = new HostedStage(offer.declaration(), sources, differing);
        stage.fromNs = fromNs;
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
        stage.declaration = declaration.lasting();
        refuseClaimed(stage);
        if (!beyond.add(declaration.name())) {
            throw new BadInputException("analyser " + declaration.name() + " needs its own results by way of "
                    + String.join(", ", beyond) + "; correct their needs");
        }
        provide(stage, beyond);
        beyond.remove(declaration.name());
        stage.waitsFor = "";
        stage.birth = Birth.begin(strangers, offer, from, stage.parameters);
    }

    /** Lets a stage run whose analyser has been made, as soon as all run that it needs. */
    void advance(HostedStage stage) {
        var birth = stage.birth;
        if (!birth.making().isOver()) {
            return;
        }
        if (birth.born() == null) {
            stage.birth = null;
            stage.refused(birth.failure());
            return;
        }
        var missing = stage.providers.stream().filter(one -> one.running == null).findFirst();
        stage.waitsFor = missing.map(HostedStage::need).orElse("");
        if (missing.isEmpty()) {
            run(stage, birth);
        }
    }

    private void run(HostedStage stage, Birth birth) {
        try {
            stage.begins(RunningStage.start(means, birth, stage.given(), stage.counts,
                    source -> histories.open(source, stage.fromNs)));
        } catch (RuntimeException | LinkageError refused) {
            stage.birth = null;
            part(stage, birth.offer(), birth.born().analyzer());
            stage.refused(refused instanceof RuntimeException known ? known
                    : new IllegalStateException(Strangers.sentence(refused)));
            return;
        }
        stage.running.loop().keptBy(keeper);
        for (var source : birth.sources()) {
            feeds.add(source, stage.running.loop());
        }
        stage.running.loop().tick(); // what came before its feed looked is told by nobody else
    }

    private void part(HostedStage stage, Offer offer, Analyzer analyzer) {
        partings.add(new Parting(stage, stage.declaration, offer, "close", strangers.end(offer, analyzer)));
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
                            stage.fromNs, beyond));
            if (!stage.providers.contains(provider) && !now.contains(provider)) {
                provider.needed++;
                stage.providers.add(provider); // so that a failure further on gives it back
            }
            now.add(provider);
            refuseForeign(stage, provider, type);
        }
        stage.providers.stream().filter(one -> !now.contains(one)).toList().forEach(one -> letGo(stage, one));
    }

    /** Two bundles may call different things by one name: one's numbers would be read as the other's. */
    private static void refuseForeign(HostedStage stage, HostedStage provider, AttachmentLayout type) {
        if (provider.declaration.outputs().stream().noneMatch(made -> made.layout().equals(type))) {
            throw new BadInputException("analyser " + stage.name + " needs " + type.id() + " laid out otherwise than "
                    + provider.name + " attaches it; build both with the same interface, or raise the version of one");
        }
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

    /** Nobody wants it any more. */
    void remove(HostedStage stage) {
        stages.remove(stage);
        stop(stage, "");
        release(stage);
    }

    /** It runs no more for now, or for ever. */
    void stop(HostedStage stage, String cause) {
        stage.waitsFor = cause;
        leave(stage);
        var life = stage.running;
        if (life == null) {
            return;
        }
        stage.sources.forEach(source -> feeds.remove(source, life.loop()));
        boolean ended = life.close();
        stage.ends();
        if (ended) {
            part(stage, life.offer(), life.analyzer());
        } else {
            remnants.add(stage.remnant(life));
        }
    }

    /** Nobody waits any more for the analyser that is being made. */
    private void leave(HostedStage stage) {
        var birth = stage.birth;
        stage.birth = null;
        if (birth != null && birth.making().leave()) {
            partings.add(new Parting(stage, stage.declaration, birth.offer(), "constructor", birth.making()));
        } else if (birth != null && birth.born() != null) {
            part(stage, birth.offer(), birth.born().analyzer());
        }
    }

    /** What is being made for a stage, with those that it needs. */
    List<Aside<?>> births(HostedStage stage) {
        var births = new ArrayList<Aside<?>>();
        stage.providers.forEach(provider -> births.addAll(births(provider)));
        if (stage.birth != null) {
            births.add(stage.birth.making());
        }
        return births;
    }

    /** Why a stage, or one that it needs, could not begin; null when nothing speaks against it. */
    RuntimeException failure(HostedStage stage) {
        return stage.providers.stream().map(this::failure).filter(Objects::nonNull).findFirst()
                .orElse(stage.failure);
    }

    /** The newest stage of a name, of several with other parameters one that does not run first. */
    HostedStage named(String name, List<String> sources) {
        return stages.reversed().stream().filter(stage -> stage.is(name, sources))
                .min(Comparator.comparing(HostedStage::healthy)).orElseThrow(() -> new BadInputException(name
                        + " is not attached to " + String.join(", ", sources) + "; "
                        + (stages.isEmpty() ? "nothing is attached" : "attached are " + String.join("; ",
                        stages.stream().map(HostedStage::label).sorted().distinct().toList()))));
    }

    /** Tells each stage who waits for it. */
    void wire() {
        for (var stage : stages) {
            if (stage.running != null) {
                stage.running.loop().dependants(stages.stream()
                        .filter(one -> one.running != null && one.providers.contains(stage))
                        .map(one -> one.running.loop()).toList());
            }
        }
    }

    void clear() {
        stages.clear();
    }
}
