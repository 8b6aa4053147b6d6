// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the command line asks for. Immutable.
 *
 * @param suite one suite, or null for all
 * @param rounds interleaved rounds
 * @param json where the result goes, or null
 * @param from a result that is there already, instead of measuring; or null
 * @param page where the page for people goes, or null
 * @param compare an earlier result, or null
 * @param threshold how much worse than that a round may be, a fraction
 */
record Request(String suite, int rounds, Path json, Path from, Path page, Path compare, double threshold) {
    static final String USAGE = "usage: ./mimir bench [--suite NAME] [--rounds N] [--json FILE] [--doc FILE] "
            + "[--from FILE]"
            + " [--compare FILE [--threshold 10%]]";
    static final String HELP = USAGE + """


            Measures Mimir beside the best that exists, in interleaved rounds, each trial in a JVM of its own.
              --suite NAME      one of %s; all without it (about 25 minutes)
              --rounds N        so many rounds, 5 without it; what would end after 24 minutes is left out and said
              --json FILE       writes everything that was measured
              --doc FILE        writes the page for people
              --from FILE       takes the measurements from there instead of measuring
              --compare FILE    fails when a row became worse than there: its best round behind the worst one there
                                by more than --threshold (10%%), and so again when it is measured once more
            The machine should be idle: a trial whose spinning threads had less than 0.95 of a core does not count."""
            .formatted(String.join(", ", Suites.names()));
    private static final int ROUNDS = 5;
    private static final int MOST_ROUNDS = 99;

    static Request of(String[] words) {
        var request = new Request(null, ROUNDS, null, null, null, null, 0.1);
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new BadUseException(words[i].startsWith("--") ? words[i] + " needs a value; " + USAGE : USAGE);
            }
            request = request.with(words[i], words[i + 1]);
        }
        if (request.compare != null && request.from == null && request.rounds < Comparison.LEAST_ROUNDS) {
            throw new BadUseException("--compare needs --rounds " + Comparison.LEAST_ROUNDS + " or more, not "
                    + request.rounds + ": fewer say nothing");
        }
        return request;
    }

    private Request with(String option, String value) {
        return switch (option) {
            case "--suite" -> new Request(suite(value), rounds, json, from, page, compare, threshold);
            case "--rounds" -> new Request(suite, rounds(value), json, from, page, compare, threshold);
            case "--json" -> new Request(suite, rounds, target(value), from, page, compare, threshold);
            case "--from" -> new Request(suite, rounds, json, there(value), page, compare, threshold);
            case "--doc" -> new Request(suite, rounds, json, from, target(value), compare, threshold);
            case "--compare" -> new Request(suite, rounds, json, from, page, there(value), threshold);
            case "--threshold" -> new Request(suite, rounds, json, from, page, compare, fraction(value));
            default -> throw new BadUseException("there is no option " + option + "; " + USAGE);
        };
    }

    private static String suite(String name) {
        if (!Suites.names().contains(name)) {
            throw new BadUseException("there is no suite " + name + "; there are " + String.join(", ", Suites.names()));
        }
        return name;
    }

    private static int rounds(String text) {
        if (!text.matches("[1-9][0-9]?")) {
            throw new BadUseException("--rounds is a number from 1 to " + MOST_ROUNDS + ", not " + text);
        }
        return Integer.parseInt(text);
    }

    private static double fraction(String text) {
        if (!text.matches("[0-9]{1,3}(\\.[0-9]+)?%")) {
            throw new BadUseException("--threshold is a percentage such as 10%, not " + text);
        }
        return Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
    }

    private static Path target(String text) {
        var file = Path.of(text).toAbsolutePath();
        if (!Files.isDirectory(file.getParent()) || Files.isDirectory(file)) {
            throw new BadUseException(text + " cannot be written: name a file in a folder that exists");
        }
        return file;
    }

    private static Path there(String text) {
        var file = Path.of(text);
        if (!Files.isRegularFile(file)) {
            throw new BadUseException("there is no file " + text + "; make one with ./mimir bench --json " + text);
        }
        return file;
    }
}
