// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;

/**
 * What a person asked for. Immutable.
 *
 * @param proof its name, or null: only tell what there is
 * @param count how many swaps
 * @param lasts how long
 * @param to folder that exports go to
 * @param json file for the rows, or null
 */
record Wanted(String proof, int count, Duration lasts, Path to, Path json) {
    static final String SWAP = "swap";
    static final String FIRE = "fire";
    static final String EXPORT = "export";
    static final String HELP = """
            ./mimir soak swap [--count N] [--json FILE]
                Swap the simulated driver N times (1000 when left out), its two builds in turns, while another one
                carries six cameras and 192 kHz, and judge what was lost, how long the gaps were and what was left
                behind. Ends within 25 minutes; Ctrl-C ends it sooner, with the judgement of what it has so far.
            ./mimir soak fire [--for DURATION] [--json FILE]
                Swap as fast as it goes (5m when left out) while a reader looks into a frame, another one sleeps at the
                doorbell, commands run and controls are written. Where the runtime of the address sanitizer is preloaded
                the library is swapped for one that it watches (docs/proof.md has the command).
            ./mimir soak export [--to DIR] [--json FILE]
                Export windows of 15 s of six cameras and 192 kHz while all of them go on, in turns with a plain write
                of as many bytes to the same folder (exports in the current one when left out), five times. Takes 7 GiB
                of memory, 7 GB of that disk and three minutes where the machine makes memory at once.

              --count N        how many swaps, 3 to 100000
              --to DIR         a folder on the disk that is to be measured
              --for DURATION   how long: 30s, 5m
              --json FILE      write the rows, and what they were made of

            Exit codes: 0 every goal met, 1 one missed, 2 usage.
            """;
    /** The option that each proof has besides --json. */
    private static final Map<String, String> OWN = Map.of(SWAP, "--count", FIRE, "--for", EXPORT, "--to");
    private static final int USUAL = 1_000;
    private static final int MOST = 100_000;
    private static final Duration LASTS = Duration.ofMinutes(5);
    private static final int MOST_S = 24 * 60;

    static Wanted of(List<String> words) {
        if (words.isEmpty() || words.contains("--help") || words.contains("-h")) {
            return new Wanted(null, 0, LASTS, null, null);
        }
        var proof = words.getFirst();
        if (!OWN.containsKey(proof)) {
            throw new BadInputException("there is no proof '" + proof
                    + "'; there are swap, fire and export, as in ./mimir soak swap --count 100");
        }
        var own = OWN.get(proof);
        var wanted = new Wanted(proof, USUAL, LASTS, Path.of("exports").toAbsolutePath(), null);
        for (int at = 1; at < words.size(); at += 2) {
            var value = at + 1 < words.size() ? words.get(at + 1) : "";
            var option = words.get(at);
            if (!option.equals(own) && !option.equals("--json")) {
                throw new BadInputException("soak " + proof + " has no option '" + option + "'; it has " + own
                        + " and --json");
            }
            wanted = wanted.with(option, value);
        }
        return wanted;
    }

    private Wanted with(String option, String value) {
        return switch (option) {
            case "--count" -> new Wanted(proof, count(value), lasts, to, json);
            case "--for" -> new Wanted(proof, count, lasts(value), to, json);
            case "--to" -> new Wanted(proof, count, lasts, folder(value), json);
            default -> new Wanted(proof, count, lasts, to, json(value));
        };
    }

    private static Duration lasts(String value) {
        var fits = value.matches("\\d{1,4}[sm]");
        long s = fits ? Long.parseLong(value.substring(0, value.length() - 1)) * (value.endsWith("m") ? 60 : 1) : 0;
        if (s < 1 || s > MOST_S) {
            throw new BadInputException("--for cannot be '" + value + "': give a time from 1s to 24m");
        }
        return Duration.ofSeconds(s);
    }

    private static int count(String value) {
        if (!value.matches("\\d{1,6}") || Integer.parseInt(value) < 3
                || Integer.parseInt(value) > MOST) {
            throw new BadInputException("--count cannot be '" + value + "': give a number from 3 to " + MOST);
        }
        return Integer.parseInt(value);
    }

    private static Path folder(String value) {
        try {
            var folder = value.isEmpty() ? null : Path.of(value).toAbsolutePath();
            if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
                throw new BadInputException("--to cannot be '" + value + "': give a folder that you may write to");
            }
            return folder;
        } catch (InvalidPathException e) {
            throw new BadInputException("--to '" + value + "' is no name for a folder: " + e.getReason());
        }
    }

    private static Path json(String value) {
        try {
            var file = value.isEmpty() ? null : Path.of(value).toAbsolutePath();
            if (file == null || Files.isDirectory(file) || !Files.isWritable(file.getParent())) {
                throw new BadInputException("--json cannot be '" + value
                        + "': give a file in a folder that you may write to");
            }
            return file;
        } catch (InvalidPathException e) {
            throw new BadInputException("--json '" + value + "' is no name for a file: " + e.getReason());
        }
    }
}
