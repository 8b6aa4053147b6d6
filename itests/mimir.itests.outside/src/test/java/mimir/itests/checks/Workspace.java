// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the build put things.
 *
 * <p>Threads: immutable.
 */
final class Workspace {
    /** Not the sources or javadoc of a release beside it. */
    private static final Pattern JAR = Pattern.compile("mimir\\.[a-z0-9.]+-[0-9.]+(-SNAPSHOT)?\\.jar");
    static final Path ROOT = Path.of(System.getProperty("mimir.root"));

    private Workspace() {
    }

    /** The jars of all bundles and fragments; a folder without one means that the build did not get there. */
    static List<Path> jars() {
        var jars = new ArrayList<Path>();
        for (var room : List.of("bundles", "native-fragments")) {
            for (var folder : list(ROOT.resolve(room))) {
                if (folder.getFileName().toString().startsWith("mimir.")) {
                    jars.add(jar(folder));
                }
            }
        }
        return jars;
    }

    private static Path jar(Path folder) {
        var name = folder.getFileName().toString();
        return list(folder.resolve("target")).stream()
            .filter(file -> JAR.matcher(file.getFileName().toString()).matches())
            .findFirst().orElseThrow(() -> new IllegalStateException(name + " has no jar: run mvn package first"));
    }

    private static List<Path> list(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be read: run mvn package first", e);
        }
    }
}
