// SPDX-License-Identifier: Apache-2.0
package mimir.bench.routing;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import mimir.bench.EventRing;
import mimir.ring.RingWriter;

/** The ring that was put aside to compare later ones with: {@code cnf/baseline/mimir.ring.jar}. Immutable. */
final class Baseline {
    private static final Path JAR = Path.of(System.getProperty("mimir.root", "."), "cnf/baseline/mimir.ring.jar");

    private Baseline() {
    }

    /** Between it and the ring of this build, burdened by so many percent. */
    static Contest contest(int burden) {
        var ways = File.pathSeparator + source(EventRing.class);
        return new Contest(JAR.toAbsolutePath() + ways, source(RingWriter.class) + ways, burden);
    }

    /** Whether the ring of this build has the same classes, byte for byte: then there is nothing to judge. */
    static boolean isThisBuild() throws IOException {
        return classes(JAR).equals(classes(source(RingWriter.class)));
    }

    private static Path source(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("nobody knows where " + type + " comes from", e);
        }
    }

    private static Map<String, ByteBuffer> classes(Path folderOrJar) throws IOException {
        if (Files.isDirectory(folderOrJar)) {
            return classesIn(folderOrJar.resolve("mimir/ring"));
        }
        try (var jar = FileSystems.newFileSystem(folderOrJar)) {
            return classesIn(jar.getPath("mimir/ring"));
        }
    }

    private static Map<String, ByteBuffer> classesIn(Path folder) throws IOException {
        var classes = new HashMap<String, ByteBuffer>();
        try (var files = Files.newDirectoryStream(folder, "*.class")) {
            for (var file : files) {
                classes.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
            }
        }
        return classes;
    }
}
