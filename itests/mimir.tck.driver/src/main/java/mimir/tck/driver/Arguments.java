// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;

/**
 * The words behind {@code tck}. Immutable.
 *
 * @param given jars of a driver, a folder of them, or the name of an installed one
 * @param rig a kit file, or null for the driver's own
 * @param json where the report goes, or null
 * @param page where the page goes, or null
 * @param checks in their order
 */
record Arguments(List<String> given, Path rig, Path json, Path page, List<Check> checks, Effort effort) {
    static final String USAGE = "tck FILE… [--twin LIB:…] [--rig FILE] [--only NAME,…] [--count N] "
            + "[--patience SECONDS] [--stop-within SECONDS] [--json FILE] [--page FILE]";

    /** Lists are copied. */
    Arguments {
        given = List.copyOf(given);
        checks = List.copyOf(checks);
    }

    /** For people who ask. */
    static String help() {
        var text = new StringBuilder(USAGE).append("""

                Puts the driver in these jars (host and fragment, or a folder of both) through these checks:
                  --twin LIB:…        emulated devices: libraries that ./mimir has its JVM preload, and MIMIR_TWIN=tck
                  --rig FILE          a kit file in place of the driver's own (docs/write-a-driver.md)
                  --only NAME,…       these checks alone
                  --count N           so many starts, stops and swaps, and 5,000 times as many calls (20)
                  --patience SECONDS  longest that a device may take to come, or to give an item (10)
                  --stop-within SECONDS  longest that a device may take to go (10)
                  --json FILE         the report for programs
                  --page FILE         the report as a page in Markdown
                """);
        Kit.CHECKS.forEach(check -> text.append(String.format("%n%-12s %s", check.name(), check.property())));
        return text.toString();
    }

    /**
     * Reads them.
     *
     * @throws BadInputException with one sentence
     */
    static Arguments parse(List<String> words) {
        var given = new ArrayList<String>();
        Path rig = null;
        Path json = null;
        Path page = null;
        var checks = Kit.CHECKS;
        int count = Effort.USUAL.count();
        var patience = Effort.USUAL.patience();
        var stop = Effort.USUAL.stop();
        for (int i = 0; i < words.size(); i++) {
            var word = words.get(i);
            switch (word) {
                case "--rig" -> rig = readable(value(words, ++i));
                case "--json" -> json = writable(value(words, ++i));
                case "--page" -> page = writable(value(words, ++i));
                case "--only" -> checks = only(value(words, ++i));
                case "--count" -> count = (int) number(word, value(words, ++i), 1, 10_000);
                case "--patience" -> patience = seconds(word, value(words, ++i));
                case "--stop-within" -> stop = seconds(word, value(words, ++i));
                default -> given.add(given(word));
            }
        }
        if (given.isEmpty()) {
            throw new BadInputException("tck needs the jars of a driver and of its fragment: " + USAGE);
        }
        return new Arguments(given, rig, json, page, checks, new Effort(count, patience, stop));
    }

    private static String given(String word) {
        if (word.equals("--twin")) {
            throw new BadInputException("--twin is for ./mimir tck alone; a process that runs takes in no twin");
        }
        if (word.startsWith("-")) {
            throw new BadInputException("tck does not know " + word + ": " + USAGE);
        }
        return word;
    }

    private static String value(List<String> words, int at) {
        if (at >= words.size() || words.get(at).startsWith("--")) {
            throw new BadInputException(words.get(at - 1) + " needs a value: " + USAGE);
        }
        return words.get(at);
    }

    private static Duration seconds(String option, String word) {
        return Duration.ofMillis(Math.round(number(option, word, 0.1, 600) * 1000));
    }

    private static double number(String option, String word, double least, double most) {
        try {
            double number = Double.parseDouble(word);
            if (number >= least && number <= most) {
                return number;
            }
            throw new BadInputException(option + " is " + word + ", but must lie between " + least + " and " + most);
        } catch (NumberFormatException none) {
            throw new BadInputException(option + " needs a number, not '" + word + "'");
        }
    }

    private static List<Check> only(String names) {
        var known = Kit.CHECKS.stream().map(Check::name).toList();
        var wanted = List.of(names.split(","));
        wanted.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw new BadInputException("there is no check '" + name + "'; name some of " + String.join(", ", known));
        });
        return Kit.CHECKS.stream().filter(check -> wanted.contains(check.name())).toList();
    }

    private static Path path(String word) {
        try {
            return Path.of(word).toAbsolutePath();
        } catch (InvalidPathException none) {
            throw new BadInputException("'" + word + "' cannot be the name of a file");
        }
    }

    private static Path readable(String word) {
        var file = path(word);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadInputException(word + " cannot be read as a file; give the kit file of the driver");
        }
        return file;
    }

    /** Told before the first check and not after the last. */
    private static Path writable(String word) {
        var file = path(word);
        if (Files.isDirectory(file) || !Files.isWritable(Files.exists(file) ? file : file.getParent())) {
            throw new BadInputException(word + " cannot be written; name a file in a folder that is there and yours");
        }
        return file;
    }
}
