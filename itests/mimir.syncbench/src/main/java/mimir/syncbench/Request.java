// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the command line asks for. Immutable.
 *
 * @param scenario a user's scenario, the name of one that comes along, or null for all of those
 * @param seeds whole runs of each
 * @param observations what was observed of devices that ran, instead of all scenarios; or null
 * @param json where the table goes, or null
 */
record Request(String scenario, int seeds, Path observations, Path json) {
    static final String USAGE = "usage: ./mimir sync-bench [--scenario FILE|NAME] [--seeds N]"
            + " [--observations FILE] [--json FILE]";
    static final String HELP = USAGE + """


            Runs the clock estimator and its peers on simulated devices and holds the result against the goals.
              --scenario FILE|NAME   only this scenario: a file (docs/sync.md), or one of %s
              --seeds N              so many whole runs of each scenario, 12 without it
              --observations FILE    no scenario, but what 'sync --observations' wrote of devices that ran
              --json FILE            writes the rows {name, ours, peer, ratio, goal, met, unit}
            Ends with 0 when every goal is met or missed by no more than a quarter, else with 1; 2: not understood."""
            .formatted(String.join(", ", Scenarios.NAMES));
    private static final int USUAL_SEEDS = 12;

    static Request of(String[] words) {
        var request = new Request(null, USUAL_SEEDS, null, null);
        for (int i = 0; i < words.length; i += 2) {
            if (i + 1 == words.length) {
                throw new BadUseException(words[i].startsWith("--") ? words[i] + " needs a value; " + USAGE : USAGE);
            }
            request = request.with(words[i], words[i + 1]);
        }
        return request;
    }

    /** What is to be run. */
    List<Scenario> scenarios() {
        if (scenario == null) {
            return Scenarios.NAMES.stream().map(Scenarios::builtIn).toList();
        }
        return List.of(Scenarios.NAMES.contains(scenario) ? Scenarios.builtIn(scenario)
                : Scenarios.read(Path.of(scenario)));
    }

    private Request with(String option, String value) {
        return switch (option) {
            case "--scenario" -> new Request(there(value), seeds, observations, json);
            case "--seeds" -> new Request(scenario, number(value), observations, json);
            case "--observations" -> new Request(scenario, seeds, Path.of(value), json);
            case "--json" -> new Request(scenario, seeds, observations, target(value));
            default -> throw new BadUseException("there is no option " + option + "; " + USAGE);
        };
    }

    private static String there(String text) {
        if (!Scenarios.NAMES.contains(text) && !Files.isRegularFile(Path.of(text))) {
            throw new BadUseException("there is no scenario " + text + ": name a file, or one of "
                    + String.join(", ", Scenarios.NAMES));
        }
        return text;
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,2}")) {
            throw new BadUseException("--seeds is a number from 1 to 999, not " + text);
        }
        return Integer.parseInt(text);
    }

    private static Path target(String text) {
        var file = Path.of(text).toAbsolutePath();
        if (!Files.isDirectory(file.getParent()) || Files.isDirectory(file)) {
            throw new BadUseException(text + " cannot be written: name a file in a folder that exists");
        }
        return file;
    }
}
