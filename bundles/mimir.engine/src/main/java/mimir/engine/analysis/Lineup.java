// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.work.Worker;

/** The stages that somebody wants, and who needs whom. Confined to the lock of the host. */
final class Lineup {
    private final List<HostedStage> stages = new ArrayList<>();
    private final List<HostedStage> remnants = new ArrayList<>(); // detached, but their analyser did not come back
    private final Means means;
    private final Catalogue catalogue;
    private final Feeds feeds;
    private final Worker keeper;

    Lineup(Means means, Catalogue catalogue, Feeds feeds, Worker keeper) {
        this.means = means;
        this.catalogue = catalogue;
        this.feeds = feeds;
        this.keeper = keeper;
    }

    /** Those that are wanted, as they are now. */
    List<HostedStage> stages() {
        return List.copyOf(stages);
    }

    boolean isEmpty() {
        return stages.isEmpty() && remnants.isEmpty();
    }

    List<StageStats> stats() {
        var all = new ArrayList<StageStats>();
        stages.forEach(stage -> all.add(stage.stats()));
        remnants.forEach(remnant -> all.add(remnant.stats()));
        all.sort(Comparator.comparing((StageStats stage) -> stage.sources().getFirst())
                .thenComparing(StageStats::name));
        return List.copyOf(all);
    }

    /** Lets go of those whose analyser has come back. */
    void bury() {
        remnants.removeIf(remnant -> remnant.running.finish());
    }

    /** The stage of an analyser at its sources, made when there is none. */
    HostedStage stage(Offer offer, List<String> sources, Map<String, String> differing) {
        return stages.stream().filter(stage -> stage.is(offer.declaration().name(), sources)
                && stage.parameters.equals(differing)).findFirst()
                .orElseGet(() -> make(offer, sources, differing, new HashSet<>()));
    }

    /** Begins a stage that waited. */
    void begin(HostedStage stage, Offer offer) {
        begin(stage, offer, new HashSet<>());
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
        stage.declaration = declaration.lasting();
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

    /** Nobody wants it any more. */
    void remove(HostedStage stage) {
        stages.remove(stage);
        stop(stage, "");
        release(stage);
    }

    /** It runs no more for now, or for ever. */
    void stop(HostedStage stage, String cause) {
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
        }
    }

    /** The newest stage of a name, of several with other parameters one that does not run first. */
    HostedStage named(String name, List<String> sources) {
        return stages.reversed().stream().filter(stage -> stage.is(name, sources))
                .min(Comparator.comparing(HostedStage::healthy)).orElseThrow(() -> new BadInputException(name
                        + " is not attached to " + String.join(", ", sources) + "; "
                        + (stages.isEmpty() ? "nothing is attached" : "attached are " + String.join("; ",
                        stages.stream().map(HostedStage::label).sorted().toList()))));
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
