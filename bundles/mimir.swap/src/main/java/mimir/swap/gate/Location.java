// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where bundles were installed from. Immutable. */
public final class Location {
    private static final String REFERENCE = "reference:";
    private static final String FILE = "file:";

    private Location() {
    }

    /** The file behind a bundle's location, if there is one. */
    public static Optional<Path> file(String location) {
        var url = location.startsWith(REFERENCE) ? location.substring(REFERENCE.length()) : location;
        if (!url.startsWith(FILE)) {
            return Optional.empty();
        }
        var path = path(url);
        return Files.isRegularFile(path) ? Optional.of(path) : Optional.empty();
    }

    private static Path path(String url) {
        var plain = url.substring(FILE.length());
        try {
            return plain.startsWith("/") ? Path.of(URI.create(url.replace(" ", "%20"))) : Path.of(plain);
        } catch (IllegalArgumentException unescaped) {
            return Path.of(plain); // some put the name into the location as it is
        }
    }
}
