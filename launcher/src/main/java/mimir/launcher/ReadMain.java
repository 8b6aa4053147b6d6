// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.util.List;
import mimir.shell.read.Reading;

/**
 * {@code ./mimir read}: a process that reads rings of a running platform and starts none. The bundles that it needs lie
 * on its class path as plain jars.
 *
 * <p>Threads: confined to the main thread; the shutdown hook ends the reading and lets it tell its totals.
 */
public final class ReadMain {
    private ReadMain() {
    }

    public static void main(String[] args) {
        var reading = new Reading(List.of(args), System.out, System.err);
        Runtime.getRuntime().addShutdownHook(new Thread(reading::stop, "mimir-read-stop"));
        System.exit(reading.run());
    }
}
