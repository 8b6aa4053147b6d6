// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import mimir.api.swap.Swapper;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** The journal of swaps, those of former runs included. Thread-safe. */
final class SwapsCommand implements Command {
    private static final int SHOWN = 40;
    private static final double NS_PER_MS = 1e6;

    private static final Listing<Map<String, Object>> LISTING = new Listing<>(
            member("TIME", "time"),
            member("WHAT", "what"),
            member("BUNDLE", "bundle"),
            member("OUTCOME", "outcome"),
            new Column<>("GAP ms", "gapNs", line -> line.get("gapNs"), ns ->
                    Column.plain(((Number) ns).doubleValue() / NS_PER_MS)),
            new Column<>("SHA-256 BEFORE", "sha256Before", line -> hash(line, "sha256Before"), PlanText::digits),
            new Column<>("AFTER", "sha256After", line -> hash(line, "sha256After"), PlanText::digits),
            member("REASON", "reason"));

    private final Services services;

    SwapsCommand(Services services) {
        this.services = services;
    }

    private static Column<Map<String, Object>> member(String header, String name) {
        return Column.of(header, name, line -> line.get(name));
    }

    /** Of what was swapped: the fragment where only that is another, else the bundle. */
    private static Object hash(Map<String, Object> line, String which) {
        if (!(line.get("parts") instanceof List<?> parts) || !parts.stream().allMatch(Map.class::isInstance)
                || parts.isEmpty()) {
            return null;
        }
        var maps = parts.stream().map(part -> (Map<?, ?>) part).toList();
        for (var part : maps) {
            var given = part.get("sha256Given");
            if (given != null && !given.equals(part.get("sha256Before"))) {
                return part.get(which);
            }
        }
        return maps.getFirst().get(which);
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("swaps", "the journal of swaps and restarts, also of former runs", Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var lines = new ArrayList<Map<String, Object>>();
        int damaged = 0;
        for (var text : services.need(Swapper.class, "mimir.swap").journal()) {
            try {
                lines.add(JSON.std.mapFrom(text));
            } catch (IOException noJson) {
                damaged++;
            }
        }
        if (damaged > 0) {
            progress.accept(damaged + " lines of the journal are damaged and left out");
        }
        return given.has("--json") ? Json.answer(lines) : Answer.of(text(lines));
    }

    private static String text(List<Map<String, Object>> lines) {
        if (lines.isEmpty()) {
            return "Nothing was swapped yet.";
        }
        int first = Math.max(0, lines.size() - SHOWN);
        return LISTING.table(lines.subList(first, lines.size()))
                + (first == 0 ? "" : first + " older ones with --json");
    }

    @Override
    public boolean needsRig() {
        return false;
    }
}
