// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * Bytes of a bundle that may run here; only the {@link Gate} makes them, and only they are installed. Immutable.
 */
public final class Verified {
    private final String name;
    private final byte[] bytes;
    private final Map<String, String> headers;
    private final String origin;
    private final Path file;

    /** {@code file} is where they were read just now; null when that is of no matter. */
    Verified(String name, byte[] bytes, Map<String, String> headers, String origin, Path file) {
        this.name = name;
        this.bytes = bytes;
        this.headers = headers;
        this.origin = origin;
        this.file = file;
    }

    /** Symbolic name of the bundle. */
    public String name() {
        return name;
    }

    /** Hash of the bytes, in lower case. */
    public String sha256() {
        return Jar.sha256(bytes);
    }

    /** Its manifest, names in any case; empty for what ran before. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Why it may run: {@code mimir.lock}, {@code trusted}, {@code signed by CN=lab}, {@code runs already}. */
    public String origin() {
        return origin;
    }

    /** True when they were read out of a file, which somebody may be writing anew. */
    public boolean hasFile() {
        return file != null;
    }

    /**
     * Looks whether their file, if there is one, still holds them. Blocks for as long as the file system does.
     *
     * @throws mimir.api.BadInputException when it does not: one sentence that names it
     */
    public void checkFile() {
        if (file != null) {
            new GivenFile(file, bytes).check();
        }
    }

    /** The same to be kept: whatever becomes of the file. */
    public Verified withoutFile() {
        return new Verified(name, bytes, headers, origin, null);
    }

    /** The bytes, anew for each call; for the fence, past which nothing is installed. */
    InputStream stream() {
        return new ByteArrayInputStream(bytes);
    }
}
