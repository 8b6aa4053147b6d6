// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import mimir.api.BadInputException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A jar that may become a part of what runs: read once, as a whole, and sound; what its file holds afterwards is never
 * taken for it. Immutable.
 */
public final class Jar {
    /** Several of them, and what they replace, must find room in the heap at once. */
    static final int MOST_BYTES = (int) Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 4);
    private static final int MOST_MANIFEST = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[\\w.-]+");

    private final Path file;
    private final byte[] bytes;
    private final Archive archive;
    private final Map<String, String> headers;

    private Jar(Path file, byte[] bytes, Archive archive) throws Unsound {
        this.file = file;
        this.bytes = bytes;
        this.archive = archive;
        this.headers = headers(archive.content(JarFile.MANIFEST_NAME));
    }

    /**
     * Reads a file and each of its entries: what is damaged must not be found out when the bundle is stopped.
     *
     * @throws BadInputException when it cannot be read or is no sound jar: one sentence
     */
    public static Jar read(Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new BadInputException(file + " cannot be read as a file; give a jar of a host or of its"
                    + " fragment, or a folder that holds them");
        }
        try (var stream = Files.newInputStream(file)) {
            return of(file, stream.readNBytes(MOST_BYTES + 1));
        } catch (IOException refused) {
            throw new BadInputException(file + " cannot be read (" + refused.getMessage() + "); copy it again");
        }
    }

    static Jar of(Path file, byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new BadInputException(file + " has more than " + (MOST_BYTES >> 20)
                    + " MiB, which is too much; give the right jar");
        }
        try {
            return new Jar(file, bytes, Archive.of(bytes));
        } catch (Unsound damaged) {
            throw new BadInputException(file + " is no sound jar (" + damaged.getMessage()
                    + "); build or copy it again");
        }
    }

    private static Map<String, String> headers(byte[] manifest) throws Unsound {
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        if (manifest == null) {
            return headers;
        }
        if (manifest.length > MOST_MANIFEST) {
            throw new Unsound("its manifest has more than 1 MiB");
        }
        try {
            new Manifest(new ByteArrayInputStream(manifest)).getMainAttributes().forEach((name, value) ->
                    headers.put(name.toString(), value.toString()));
        } catch (IOException | IllegalArgumentException odd) {
            throw new Unsound("its manifest cannot be read: " + odd.getMessage());
        }
        return Collections.unmodifiableMap(headers);
    }

    /** Where it was. */
    public Path file() {
        return file;
    }

    /** Its manifest; names in any case. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Symbolic name of the bundle, empty when the jar is none. */
    public String name() {
        return Clause.first(headers.get(Constants.BUNDLE_SYMBOLICNAME));
    }

    /** Symbolic name of the host that it is a fragment of, empty when it is none. */
    public String host() {
        return Clause.first(headers.get(Constants.FRAGMENT_HOST));
    }

    /** Version of the bundle; 0.0.0 when it has none. */
    public Version version() {
        return Version.parseVersion(headers.get(Constants.BUNDLE_VERSION));
    }

    /** Throws {@link BadInputException} when the framework would not take it for want of a sound manifest. */
    public void checkHeaders() {
        if (name().isEmpty()) {
            throw new BadInputException(file + " is a jar but no bundle; build it as one, with a Bundle-SymbolicName");
        }
        if (!NAME.matcher(name()).matches()) {
            throw new BadInputException(file + " has a symbolic name that is none; build it with one like lab.blink");
        }
        if (!"2".equals(headers.get(Constants.BUNDLE_MANIFESTVERSION))) {
            throw new BadInputException(file + " has no Bundle-ManifestVersion 2; build it as a bundle");
        }
        try {
            version();
        } catch (IllegalArgumentException odd) {
            throw new BadInputException(file + " has the version '" + headers.get(Constants.BUNDLE_VERSION)
                    + "', which is none; build it with one like 1.2.3");
        }
    }

    Archive archive() {
        return archive;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Of all its bytes, in lower case. */
    public String sha256() {
        return sha256(bytes);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
