// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import mimir.api.BadInputException;

/**
 * The text of a rig and what to call it in sentences. Immutable.
 *
 * @param label {@code rig tiny} or {@code rig ./my.json}
 */
record RigText(String label, String json) {
    private static final long MOST_BYTES = 1 << 20;

    /**
     * Finds a rig that comes with the platform, or else reads a file.
     *
     * @param shelf where the rigs of the platform are, by name
     */
    static RigText find(String nameOrFile, Map<String, URL> shelf) {
        var url = shelf.get(nameOrFile);
        if (url != null) {
            return new RigText("rig " + nameOrFile, bundled(url));
        }
        var path = path(nameOrFile);
        boolean meantAsFile = nameOrFile.contains("/") || nameOrFile.endsWith(".json");
        if (path == null || !meantAsFile && !Files.exists(path)) {
            throw new BadInputException("there is no rig '" + nameOrFile + "'; name one of "
                    + String.join(", ", shelf.keySet()) + ", or give the path of a JSON file");
        }
        return new RigText("rig " + nameOrFile, file(nameOrFile, path));
    }

    private static Path path(String text) {
        try {
            return text.isBlank() ? null : Path.of(text);
        } catch (InvalidPathException noPath) {
            return null;
        }
    }

    private static String bundled(URL url) {
        try (var in = url.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException damaged) {
            throw new UncheckedIOException("a rig of the platform cannot be read; build mimir.engine anew", damaged);
        }
    }

    private static String file(String name, Path path) {
        if (!Files.exists(path)) {
            throw new BadInputException("rig " + name + " does not exist; check the path");
        }
        if (!Files.isRegularFile(path)) {
            throw new BadInputException("rig " + name + " is not a file; give the path of a JSON file");
        }
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new BadInputException("rig " + name + " is larger than 1 MiB, as no rig is; give another file");
            }
            return Files.readString(path);
        } catch (CharacterCodingException otherBytes) {
            throw new BadInputException("rig " + name + " is not UTF-8 text; save it as UTF-8");
        } catch (IOException refused) {
            throw new BadInputException("rig " + name + " cannot be read; check its permissions");
        }
    }

    /** A fault of this rig. */
    BadInputException fault(String place, String sentence) {
        return new BadInputException(label + (place.isEmpty() ? ": " : ", " + place + ": ") + sentence);
    }
}
