// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Gap;
import mimir.api.swap.Swapped.Outcome;
import mimir.ring.Ring;
import mimir.swap.gate.Verified;
import org.osgi.framework.BundleException;

/**
 * One swap from its checks to its outcome. Once the bundle is stopped, every way out either runs the new bytes, puts
 * the former ones back, or says that neither runs. Confined to the thread that swaps.
 */
final class Transaction {
    private static final String NEXT = "; give files that fit, or restart the platform";

    private final String name;
    private final String word;
    private final Replacement replacement;
    private final Patience patience;
    private final Supplier<Map<String, Ring>> sources;
    private final Function<String, String> fault;
    private final StageWatch stages;
    private final List<String> closure;
    private List<Confirmation.Former> formers = List.of();

    /**
     * Of a bundle that runs.
     *
     * @param sources the sources that it publishes now
     * @param fault why a source cannot come, or null
     * @param stages those of its analysers
     */
    Transaction(Swappable bundle, Replacement replacement, Patience patience, Supplier<Map<String, Ring>> sources,
            Function<String, String> fault, StageWatch stages) {
        this.name = bundle.name();
        this.word = bundle.word();
        this.stages = stages;
        this.replacement = replacement;
        this.patience = patience;
        this.sources = sources;
        this.fault = fault;
        this.closure = replacement.closure();
    }

    /** Does it. {@code former} are the bytes that the parts in {@code fresh} run on. */
    Swapped run(Map<String, Verified> fresh, Map<String, Verified> former, Consumer<Plan> stopping) {
        if (!replacement.isSelfContained()) {
            return failed(Outcome.REFUSED, "a refresh would also restart other bundles ("
                    + String.join(", ", closure) + "); let the " + word + " export nothing");
        }
        var rings = sources.get();
        stopping.accept(new Plan(List.copyOf(rings.keySet()), stages.analysers(), stages.names()));
        try {
            replacement.stop();
        } catch (BundleException | InterruptedException stays) {
            return failed(Outcome.FAILED, "the " + word + " could not be stopped: " + sentence(stays)
                    + "; restart the platform");
        }
        try {
            formers = Confirmation.Former.of(rings);
            stages.stopped();
            return done(Outcome.SWAPPED, attempt(fresh), null);
        } catch (BundleException | InterruptedException | RuntimeException failure) {
            return putBack(former, sentence(failure));
        }
    }

    private Swapped putBack(Map<String, Verified> former, String why) {
        try {
            replacement.stop();
            return done(Outcome.ROLLED_BACK, attempt(former), "the new " + word + " did not run: " + why);
        } catch (BundleException | InterruptedException | RuntimeException twice) {
            return failed(Outcome.FAILED, "neither the new nor the former " + word + " runs: " + why + "; then "
                    + sentence(twice) + NEXT);
        }
    }

    private List<Gap> attempt(Map<String, Verified> bytes) throws BundleException, InterruptedException {
        try (var confirmation = new Confirmation(formers, patience.confirmation())) {
            replacement.apply(bytes);
            var gaps = confirmation.await(fault, this::published);
            stages.await(patience.confirmation());
            return gaps;
        }
    }

    private Set<String> published() {
        return sources.get().keySet();
    }

    /** An interrupt means that the platform stops; whoever catches it next shall see it too. */
    private static String sentence(Exception failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return "the platform stops";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private Swapped done(Outcome outcome, List<Gap> gaps, String reason) {
        long longest = gaps.stream().mapToLong(Gap::gapNs).max().orElse(-1);
        return new Swapped(name, outcome, longest, reason, closure, gaps, stages.names());
    }

    private Swapped failed(Outcome outcome, String reason) {
        return new Swapped(name, outcome, -1, reason, closure, List.of(), List.of());
    }
}
