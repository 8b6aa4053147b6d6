// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import org.osgi.service.log.Logger;

/**
 * What the next incarnation of this driver should know of its cameras: after a swap each entry has its own camera
 * again, although the cameras look alike. A file of the bundle's private folder, a line a camera: place, serial
 * number, identity, with tabs between. Thread-safe; control threads.
 */
final class KnownPlaces {
    private final Path file;
    private final Logger logger;

    /** @param file null where the framework gives none: then nothing is kept */
    KnownPlaces(File file, Logger logger) {
        this.file = file == null ? null : file.toPath();
        this.logger = logger;
    }

    /** What was written; lines that are none are left out. */
    Map<String, Places.Known> read() {
        var known = new TreeMap<String, Places.Known>();
        if (file == null || !Files.exists(file)) {
            return known;
        }
        try {
            for (var line : Files.readAllLines(file)) {
                var parts = line.split("\t", 3);
                if (parts.length == 3) {
                    known.put(parts[2], new Places.Known(Place.parse("place", parts[0]), parts[1]));
                }
            }
        } catch (IOException | BadInputException damaged) {
            logger.warn("what was kept of the cameras cannot be read ({}); name their ports in the rig to be sure which"
                    + " is which", damaged.getMessage());
        }
        return known;
    }

    /** Keeps it. */
    synchronized void write(Map<String, Places.Known> known) {
        if (file == null) {
            return;
        }
        var lines = known.entrySet().stream().map(one -> one.getValue().place() + "\t" + one.getValue().serial() + "\t"
                + one.getKey()).toList();
        try {
            Files.write(file, lines);
        } catch (IOException refused) {
            logger.warn("the places of the cameras cannot be kept for a swap ({}); name their ports in the rig",
                    refused.getMessage());
        }
    }
}
