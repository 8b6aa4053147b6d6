// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import mimir.api.BadInputException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A jar that may become a part of what runs: read as a whole and found sound. Immutable.
 *
 * @param file where it was
 * @param headers its manifest, names in any case
 */
record PartJar(Path file, Map<String, String> headers) {
    private static final long MOST_BYTES = 256L << 20;

    /**
     * Reads the manifest of a jar, and of a bundle every entry against its checksum: what is damaged must not be found
     * out when its host is stopped.
     *
     * @throws BadInputException when it cannot be read, is no sound jar, or is a bundle with an unsound manifest
     */
    static PartJar read(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadInputException(file + " cannot be read as a file; give a jar of a host or of its"
                    + " fragment, or a folder that holds them");
        }
        try (var jar = new JarFile(file.toFile(), false)) {
            var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
            if (jar.getManifest() != null) {
                jar.getManifest().getMainAttributes().forEach((name, value) ->
                        headers.put(name.toString(), value.toString()));
            }
            for (var entry : jar.stream().toList()) {
                check(jar, entry);
            }
            return new PartJar(file, headers);
        } catch (IOException | IllegalArgumentException damaged) {
            throw new BadInputException(file + " is no sound jar (" + damaged.getMessage()
                    + "); build or copy it again");
        }
    }

    private static void check(JarFile jar, ZipEntry entry) throws IOException {
        try (var stream = new CheckedInputStream(jar.getInputStream(entry), new CRC32())) {
            stream.skip(MOST_BYTES);
            if (entry.getCrc() >= 0 && stream.getChecksum().getValue() != entry.getCrc()) {
                throw new IOException("its entry " + entry.getName() + " is damaged");
            }
        }
    }

    /** Symbolic name of the bundle, empty when the jar is none. */
    String name() {
        return Headers.first(headers.get(Constants.BUNDLE_SYMBOLICNAME));
    }

    /** All of it, as the framework takes it. */
    byte[] bytes() {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new BadInputException(file + " has more than 256 MiB, which is too much; give the right jar");
            }
            return Files.readAllBytes(file);
        } catch (IOException refused) {
            throw new BadInputException(file + " cannot be read (" + refused.getMessage() + "); copy it again");
        }
    }

    /** Throws {@link BadInputException} when the framework would not take it for want of a sound manifest. */
    void checkHeaders() {
        var version = headers.getOrDefault(Constants.BUNDLE_VERSION, "");
        if (!"2".equals(headers.get(Constants.BUNDLE_MANIFESTVERSION))) {
            throw new BadInputException(file + " has no Bundle-ManifestVersion 2; build it as a bundle");
        }
        try {
            Version.parseVersion(version);
        } catch (IllegalArgumentException odd) {
            throw new BadInputException(file + " has the version '" + version
                    + "', which is none; build it with one like 1.2.3");
        }
    }
}
