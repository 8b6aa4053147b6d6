// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The jars of a folder as they were seen to change: which of them are new, and how long they have been at rest. A copy
 * that goes on changes size or time from look to look. Confined to the thread that watches.
 */
final class Sightings {
    private final Path folder;
    private final Map<Path, Seen> seen = new TreeMap<>();
    private final Map<Path, Seen> handled = new HashMap<>();

    /** A file in one state. {@code sinceNs}: when that was seen first. */
    private record Seen(long size, FileTime time, boolean plain, long sinceNs) {
        boolean isSame(Seen other) {
            return other != null && size == other.size && time.equals(other.time) && plain == other.plain;
        }
    }

    Sightings(Path folder) {
        this.folder = folder;
    }

    /** Looks at the folder. */
    void look(long nowNs) throws IOException {
        var there = new HashMap<Path, Seen>();
        try (var files = Files.newDirectoryStream(folder, "[!.]*.[jJ][aA][rR]")) {
            for (var file : files) {
                var now = state(file, nowNs);
                if (now != null) {
                    there.put(file, now.isSame(seen.get(file)) ? seen.get(file) : now);
                }
            }
        } catch (DirectoryIteratorException gone) {
            throw gone.getCause();
        }
        seen.clear();
        seen.putAll(there);
        handled.keySet().retainAll(there.keySet());
    }

    private static Seen state(Path file, long nowNs) throws IOException {
        try {
            var now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return new Seen(now.size(), now.lastModifiedTime(), now.isRegularFile(), nowNs);
        } catch (NoSuchFileException gone) {
            return null;
        }
    }

    /** True when no jar has changed for so long. */
    boolean areAtRest(Duration time, long nowNs) {
        return seen.values().stream().allMatch(file -> nowNs - file.sinceNs() >= time.toNanos());
    }

    /** True when this one has not changed for so long. */
    boolean isAtRest(Path file, Duration time, long nowNs) {
        return nowNs - seen.get(file).sinceNs() >= time.toNanos();
    }

    /** False for links and whatever else is no file. */
    boolean isPlain(Path file) {
        return seen.get(file).plain();
    }

    /** True when it is not as it was seen last. */
    boolean hasChanged(Path file) throws IOException {
        return !seen.get(file).isSame(state(file, 0));
    }

    /** Those that nobody has handled in this state yet. */
    List<Path> fresh() {
        var fresh = new ArrayList<Path>();
        seen.forEach((file, state) -> {
            if (!state.isSame(handled.get(file))) {
                fresh.add(file);
            }
        });
        return fresh;
    }

    /** Not again before it changes. */
    void handled(Path file) {
        handled.put(file, seen.get(file));
    }
}
