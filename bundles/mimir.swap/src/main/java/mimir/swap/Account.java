// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Gap;
import mimir.api.swap.Swapped.Outcome;

/**
 * A line of the journal in the making. Confined to the thread that swaps.
 *
 * @param what {@code swap} or {@code restart}
 * @param begun when it began
 */
record Account(String what, Instant begun) {
    static Account of(String what) {
        return new Account(what, Instant.now());
    }

    /**
     * The line.
     *
     * @param parked sources of which the native thread did not stop
     * @param stepsMs how long each step took, ms
     */
    String line(Swapped swapped, List<Plan.Part> parts, List<String> parked, Map<String, Double> stepsMs) {
        var line = new LinkedHashMap<String, Object>();
        line.put("time", begun.truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("what", what);
        line.put("bundle", swapped.bundle());
        line.put("outcome", swapped.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        line.put("reason", swapped.reason());
        line.put("gapNs", swapped.gapNs() < 0 ? null : swapped.gapNs());
        line.put("tookMs", ChronoUnit.MILLIS.between(begun, Instant.now()));
        line.put("stepsMs", stepsMs);
        line.put("sources", swapped.sources().stream().map(Account::gap).toList());
        line.put("stages", swapped.stages());
        line.put("parked", parked);
        line.put("parts", parts.stream().map(part -> part(part, swapped.outcome())).toList());
        line.put("pid", ProcessHandle.current().pid());
        return JsonText.of(line);
    }

    /** The line of a swap that came to nothing, for what was given. */
    String refused(String bundle, String reason) {
        return line(new Swapped(bundle, Outcome.REFUSED, -1, reason, List.of(), List.of(), List.of()), List.of(),
                List.of(), Map.of());
    }

    private static Map<String, Object> gap(Gap gap) {
        var values = new LinkedHashMap<String, Object>();
        values.put("source", gap.source());
        values.put("gapNs", gap.gapNs() < 0 ? null : gap.gapNs());
        values.put("epochBefore", gap.epochBefore());
        values.put("epochAfter", gap.epochAfter());
        return values;
    }

    private static Map<String, Object> part(Plan.Part part, Outcome outcome) {
        var values = new LinkedHashMap<String, Object>();
        values.put("name", part.name());
        values.put("versionBefore", part.version());
        values.put("versionGiven", part.newVersion());
        values.put("sha256Before", part.sha256());
        values.put("sha256Given", part.newSha256());
        values.put("sha256After", switch (outcome) {
            case SWAPPED -> part.newSha256();
            case ROLLED_BACK, REFUSED -> part.sha256();
            case FAILED -> null;
        });
        return values;
    }
}
