// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import mimir.api.swap.Plan;
import mimir.api.swap.Plan.Part;

/** What a swap will do, in words. Immutable. */
final class PlanText {
    private static final int DIGITS = 12;

    private static final Listing<Part> PARTS = new Listing<>(
            Column.of("PART", "name", Part::name),
            Column.of("VERSION", "version", Part::version),
            new Column<>("SHA-256", "sha256", Part::sha256, PlanText::digits),
            Column.of("NEW VERSION", "newVersion", Part::newVersion),
            new Column<>("NEW SHA-256", "newSha256", Part::newSha256, PlanText::digits));

    private PlanText() {
    }

    /** What stops and comes back, a line each. */
    static List<String> stopping(Plan plan) {
        var lines = new ArrayList<String>();
        lines.add(plan.sources().isEmpty() ? "No device stops."
                : "Stops for a moment: " + String.join(", ", plan.sources()));
        if (!plan.analysers().isEmpty()) {
            lines.add("Analysers that go and come back: " + String.join(", ", plan.analysers()));
            lines.add(plan.stages().isEmpty() ? "No stage stops."
                    : "Stages that stop for a moment: " + String.join("; ", plan.stages()));
        }
        return lines;
    }

    /** Of a swap that is not made. */
    static Answer answer(String bundle, Plan plan, boolean json) {
        var answer = json ? json(bundle, plan) : Answer.of(text(plan));
        return plan.refusal() == null ? answer : answer.failed(plan.refusal());
    }

    private static Answer json(String bundle, Plan plan) {
        var values = new LinkedHashMap<String, Object>();
        values.put("bundle", bundle);
        values.put("sources", plan.sources());
        values.put("analysers", plan.analysers());
        values.put("stages", plan.stages());
        values.put("refreshed", plan.refreshed());
        values.put("parts", PARTS.values(plan.parts()));
        values.put("refusal", plan.refusal());
        return Json.answer(values);
    }

    private static String text(Plan plan) {
        return String.join("\n", stopping(plan)) + '\n' + PARTS.table(plan.parts())
                + "Stop, update, refresh of " + Names.list(plan.refreshed()) + ", start, first good item of each"
                + " source; back to what runs now if that fails.\nNothing was touched.";
    }

    /** The first of a hash. */
    static String digits(Object sha256) {
        var all = sha256.toString();
        return all.length() > DIGITS ? all.substring(0, DIGITS) : all;
    }
}
