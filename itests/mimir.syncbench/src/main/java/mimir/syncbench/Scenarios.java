// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads scenarios: the ones that come along, and any that a user writes. */
public final class Scenarios {
    /** Those that come along, in the order of the table. */
    public static final List<String> NAMES = List.of("a1", "a2", "a3", "a4", "a5", "a6", "b1", "b2", "b3", "b4", "c1");
    private static final int MOST_BYTES = 1 << 20;
    private static final double DAY_S = 86_400;

    private Scenarios() {
    }

    /** One that comes along. */
    public static Scenario builtIn(String name) {
        try (var in = Scenarios.class.getResourceAsStream(name + ".json")) {
            return parse(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A user's. */
    static Scenario read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new BadUseException(file + " is too long for a scenario: 1 MiB at most");
            }
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new BadUseException(file + " cannot be read: " + e.getMessage());
        }
    }

    static Scenario parse(String place, String text) {
        try {
            var strict = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
            return scenario(new Members(place, JSON.builder(strict).build().anyFrom(text)));
        } catch (IOException e) {
            throw new BadUseException(place + " is no JSON: " + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static Scenario scenario(Members all) {
        var name = all.text("name", "scenario");
        all.text("about", "");
        var kind = all.text("kind", "audio");
        if (!kind.equals("audio") && !kind.equals("camera")) {
            throw new BadUseException("kind is audio or camera, not " + kind);
        }
        boolean audio = kind.equals("audio");
        double seconds = all.number("seconds", 1200, 60, DAY_S);
        double tickHz = all.number("tickHz", audio ? 192_000 : 1e6, 1, 1e9);
        double itemTicks = all.number("itemTicks", audio ? 64 : tickHz / 60, 1, 1e10);
        if (tickHz / itemTicks > 20_000 || tickHz / itemTicks < 1) {
            throw new BadUseException("an item takes itemTicks / tickHz seconds: from 1/20000 to 1");
        }
        var drift = all.object("drift");
        var delay = all.object("delay");
        var stalls = all.object("stalls");
        var ready = all.object("ready");
        double stallMin = stalls.number("minMs", 2, 0.1, 60_000);
        var made = new Scenario(name, audio, seconds, tickHz, itemTicks, drift.number("ppm", 0, -1e4, 1e4),
                drift.number("spreadPpm", 0, 0, 1e4), drift.number("wanderPpm", 0, 0, 1000),
                drift.number("wanderPeriodS", 1200, 1, DAY_S), drift.number("walkPpbPerSqrtS", 0, 0, 1e4),
                delay.number("floorUs", 0, 0, 1e6), delay.number("medianUs", 0, 0, 1e6),
                delay.number("sigma", 0.5, 0, 3), delay.number("tailProbability", 0, 0, 1),
                delay.number("tailMeanUs", 0, 0, 1e6),
                delay.number("tailMaxUs", 1e6, 0, 1e6), stalls.number("perHour", 0, 0, 1e5), stallMin,
                stalls.number("maxMs", Math.max(10, stallMin), stallMin, 60_000), ready.number("medianUs", 0, 0, 1e6),
                ready.number("sigma", 0.5, 0, 3), all.number("gridUs", 0, 0, 1e6),
                all.number("missing", 0, 0, 0.9),
                all.list("busy", each -> new Scenario.Busy(each.number("atS", 0, 0, DAY_S), each.number("forS", 1, 0,
                        DAY_S), each.number("medianUs", 0, 0, 1e6))),
                all.list("steps", each -> new Scenario.Step(each.number("atS", 0, 0, DAY_S), each.number("byUs", 0,
                        -1e9, 1e9), (int) each.number("lostItems", 0, 0, 1000), each.number("phaseUs", 0, 0, 1e9))));
        drift.end();
        delay.end();
        stalls.end();
        ready.end();
        all.end();
        return made;
    }
}
