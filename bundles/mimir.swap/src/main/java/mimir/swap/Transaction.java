// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Gap;
import mimir.api.swap.Swapped.Outcome;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import mimir.swap.gate.Verified;
import org.osgi.framework.BundleException;

/**
 * One swap from its checks to its outcome. Once the bundle is stopped, every way out either runs the new bytes, puts
 * the former ones back, or says that neither runs. Confined to the thread that swaps.
 */
final class Transaction {
    private static final long SILENT_NS = 2_000_000_000L; // or its 20 periods: then the watch calls it dead, too
    private static final String NEXT = "; give files that fit, or restart the platform";

    private final String name;
    private final String word;
    private final Replacement replacement;
    private final Patience patience;
    private final Supplier<Map<String, Ring>> sources;
    private final Function<String, String> fault;
    private final Supplier<Set<String>> configured;
    private final StageWatch stages;
    private final List<String> closure;
    private final Steps steps = new Steps();
    private List<Confirmation.Former> formers = List.of();
    private List<String> parked = List.of();
    private Set<String> wanted = Set.of();
    private Set<String> silent = Set.of();

    /**
     * Of a bundle that runs.
     *
     * @param sources the sources that it publishes now
     * @param fault why a source cannot come, or null
     * @param configured the devices that shall run now
     * @param stages those of its analysers
     */
    Transaction(Swappable bundle, Replacement replacement, Patience patience, Supplier<Map<String, Ring>> sources,
            Function<String, String> fault, Supplier<Set<String>> configured, StageWatch stages) {
        this.name = bundle.name();
        this.word = bundle.word();
        this.stages = stages;
        this.replacement = replacement;
        this.patience = patience;
        this.sources = sources;
        this.fault = fault;
        this.configured = configured;
        this.closure = replacement.closure();
    }

    /** What it will do to the parts. */
    Plan plan(List<Plan.Part> parts) {
        return new Plan(List.copyOf(sources.get().keySet()), stages.analysers(), stages.names(), closure, parts,
                replacement.isSelfContained() ? null : "a refresh would also restart other bundles ("
                + String.join(", ", closure) + "); let the " + word + " export nothing");
    }

    /** Does it. {@code former} are the bytes that all parts run on. */
    Swapped run(Plan plan, Map<String, Verified> given, Map<String, Verified> former) {
        var refusal = refusal(plan, given);
        if (refusal != null) {
            return failed(Outcome.REFUSED, refusal);
        }
        var rings = sources.get();
        wanted = configured.get();
        silent = silent(rings);
        var fresh = changed(given, former);
        steps.done("check");
        try {
            replacement.prepare(fresh);
            steps.done("prepare");
        } catch (BundleException | RuntimeException refused) {
            return failed(Outcome.REFUSED, "the framework does not take it: " + unprepared(fresh, former, refused));
        }
        try {
            replacement.stop();
            steps.done("stop");
        } catch (BundleException | InterruptedException stays) {
            return failed(Outcome.FAILED, "the " + word + " could not be stopped: "
                    + unprepared(fresh, former, stays) + "; restart the platform");
        }
        try {
            formers = Confirmation.Former.of(rings);
            parked = rings.entrySet().stream().filter(ring -> ring.getValue().stats().state() == Abi.STATE_PARKED)
                    .map(Map.Entry::getKey).toList();
            stages.stopped();
            replacement.checkFiles(given);
            replacement.exchange(fresh);
            steps.done("exchange");
            return done(Outcome.SWAPPED, confirmed(), null);
        } catch (BundleException | InterruptedException | RuntimeException failure) {
            return putBack(former, sentence(failure));
        }
    }

    /** Why nothing is touched, or null. */
    private String refusal(Plan plan, Map<String, Verified> given) {
        if (plan.refusal() != null) {
            return plan.refusal();
        }
        try {
            replacement.checkFiles(given);
            return null;
        } catch (BundleException | InterruptedException unsettled) {
            return sentence(unsettled);
        }
    }

    /** A part that runs on these very bytes begins anew with the refresh as it is. */
    private static Map<String, Verified> changed(Map<String, Verified> given, Map<String, Verified> former) {
        var changed = new HashMap<>(given);
        changed.entrySet().removeIf(part -> part.getValue().sha256().equals(former.get(part.getKey()).sha256()));
        return changed;
    }

    /** Sources of which the native thread did not stop. */
    List<String> parked() {
        return parked;
    }

    /** How long what took. */
    Map<String, Double> stepsMs() {
        return steps.ms();
    }

    /** The driver goes on: what was prepared for its successor goes back. The sentence of {@code why}, and more. */
    private String unprepared(Map<String, Verified> fresh, Map<String, Verified> former, Exception why) {
        try {
            var prepared = new HashMap<>(former);
            prepared.keySet().retainAll(fresh.keySet());
            replacement.prepare(prepared);
            return sentence(why);
        } catch (BundleException | RuntimeException twice) {
            return sentence(why) + "; then the former fragments could not be put back: " + sentence(twice);
        }
    }

    private Swapped putBack(Map<String, Verified> former, String why) {
        try {
            replacement.giveUp();
            replacement.putBack(former);
            steps.done("put back");
            return done(Outcome.ROLLED_BACK, confirmed(), "the new " + word + " did not run: " + why);
        } catch (BundleException | InterruptedException | RuntimeException twice) {
            return failed(Outcome.FAILED, "neither the new nor the former " + word + " runs: " + why + "; then "
                    + sentence(twice) + NEXT);
        }
    }

    /** Starts what is there now and waits for it. */
    private List<Gap> confirmed() throws BundleException, InterruptedException {
        try (var confirmation = new Confirmation(formers, patience)) {
            replacement.start();
            steps.done("start");
            var gaps = confirmation.await(fault, this::isExcused, this::published);
            steps.done("items");
            stages.await(patience.stages());
            steps.done("stages");
            return gaps;
        }
    }

    /** Who stops a source while the swap goes on, or has unplugged its camera before, does not fail the driver. */
    private boolean isExcused(String source) {
        return silent.contains(source) || wanted.contains(source) && !configured.get().contains(source);
    }

    /** Those that had given something, but nothing for long. */
    private Set<String> silent(Map<String, Ring> rings) {
        long now = HostClock.nowNs();
        return rings.entrySet().stream().filter(source -> {
            var ring = source.getValue().stats();
            long longNs = Math.max(SILENT_NS, patience.firstItem(ring).toNanos());
            return ring.published() > 0 && now - ring.lastCommitNs() > longNs;
        }).map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private Set<String> published() {
        return sources.get().keySet();
    }

    /** An interrupt means that the platform stops; whoever catches it next shall see it too. */
    static String sentence(Exception failure) {
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
