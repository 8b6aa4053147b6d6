// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import mimir.api.BadInputException;

/**
 * What a person asked for. Immutable.
 *
 * @param help only tell what there is
 * @param count how many swaps
 * @param json file for the rows, or null
 */
record Wanted(boolean help, int count, Path json) {
    static final String HELP = """
            ./mimir soak swap [--count N] [--json FILE]
                Swap the simulated driver N times (1000 when left out), its two builds in turns, while another one
                carries six cameras and 192 kHz, and judge what was lost, how long the gaps were and what was left
                behind. Ends within 25 minutes; Ctrl-C ends it sooner, with the judgement of what it has so far.

              --count N     how many swaps, 3 to 100000
              --json FILE   write the rows, each swap and each sample

            Exit codes: 0 every goal met, 1 one missed, 2 usage.
            """;
    private static final int USUAL = 1_000;
    private static final int MOST = 100_000;

    static Wanted of(List<String> words) {
        if (words.isEmpty() || words.contains("--help") || words.contains("-h")) {
            return new Wanted(true, 0, null);
        }
        if (!words.getFirst().equals("swap")) {
            throw new BadInputException("there is no proof '" + words.getFirst()
                    + "'; there is swap, as in ./mimir soak swap --count 100");
        }
        int count = USUAL;
        Path json = null;
        for (int at = 1; at < words.size(); at += 2) {
            var value = at + 1 < words.size() ? words.get(at + 1) : null;
            switch (words.get(at)) {
                case "--count" -> count = count(value);
                case "--json" -> json = json(value);
                default -> throw new BadInputException("soak swap has no option '" + words.get(at)
                        + "'; it has --count N and --json FILE");
            }
        }
        return new Wanted(false, count, json);
    }

    private static int count(String value) {
        if (value == null || !value.matches("\\d{1,6}") || Integer.parseInt(value) < 3
                || Integer.parseInt(value) > MOST) {
            throw new BadInputException("--count cannot be '" + value + "': give a number from 3 to " + MOST);
        }
        return Integer.parseInt(value);
    }

    private static Path json(String value) {
        try {
            var file = value == null || value.isEmpty() ? null : Path.of(value).toAbsolutePath();
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
