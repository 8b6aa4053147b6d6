// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import mimir.api.BadInputException;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Finds the bytes of a driver's parts: in files that the user names, or where the bundles came from. Thread-safe. */
final class SwapFiles {
    private static final String REFERENCE = "reference:";
    private static final long MOST_BYTES = 256L << 20;

    private SwapFiles() {
    }

    /**
     * Matches jars to the parts of a driver by symbolic name and reads them.
     *
     * @throws BadInputException when a file is no bundle, does not belong to the driver, or two are the same part
     */
    static Map<String, byte[]> read(DriverBundle driver, List<Path> given) {
        var found = new LinkedHashMap<String, byte[]>();
        var parts = driver.parts();
        boolean folder = given.size() == 1 && Files.isDirectory(given.getFirst());
        for (var file : folder ? jarsIn(given.getFirst()) : given) {
            var name = symbolicName(file, driver.host().getSymbolicName(), folder);
            if (parts.containsKey(name)) {
                if (found.put(name, bytes(file)) != null) {
                    throw new BadInputException("two files are " + name + "; leave one of them out");
                }
            } else if (!folder) {
                throw new BadInputException(file + " is " + name + ", which is no part of "
                        + driver.host().getSymbolicName()
                        + "; its parts are " + String.join(", ", parts.keySet()));
            }
        }
        if (found.isEmpty()) {
            throw new BadInputException("no jar in " + given.getFirst() + " is a part of "
                    + driver.host().getSymbolicName()
                    + "; its parts are " + String.join(", ", parts.keySet()));
        }
        return found;
    }

    private static List<Path> jarsIn(Path folder) {
        var jars = new ArrayList<Path>();
        try (var files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        } catch (IOException refused) {
            throw new BadInputException("the folder " + folder + " cannot be read; check its name and its permissions");
        }
        jars.sort(null);
        return jars;
    }

    private static String symbolicName(Path file, String host, boolean lenient) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new BadInputException(file + " cannot be read as a file; give the jar of " + host
                    + " or of its fragment");
        }
        try (var jar = new JarFile(file.toFile())) {
            var manifest = jar.getManifest();
            var name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name == null && !lenient) {
                throw new BadInputException(file + " is a jar but no bundle; give the jar of " + host
                        + " or of its fragment");
            }
            return name == null ? "" : checked(file, host, name.split(";")[0].strip(), manifest.getMainAttributes());
        } catch (IOException damaged) {
            if (lenient) {
                return "";
            }
            throw new BadInputException(file + " is no sound jar (" + damaged.getMessage()
                    + "); build or copy it again");
        }
    }

    private static String checked(Path file, String host, String name, Attributes attributes) {
        var fragmentHost = attributes.getValue(Constants.FRAGMENT_HOST);
        boolean rightRole = name.equals(host) ? fragmentHost == null
                : fragmentHost == null || fragmentHost.split(";")[0].strip().equals(host) || !name.startsWith(host);
        if (!rightRole) {
            throw new BadInputException(file + " says it is " + name + " but is a fragment of " + fragmentHost
                    + "; use the right jar");
        }
        return name;
    }

    /** The bytes that a bundle was installed or last updated from. */
    static byte[] ofLocation(Bundle bundle) {
        var location = bundle.getLocation();
        var url = location.startsWith(REFERENCE) ? location.substring(REFERENCE.length()) : location;
        try (var stream = URI.create(url.replace(" ", "%20")).toURL().openStream()) {
            return stream.readAllBytes();
        } catch (IOException | IllegalArgumentException gone) {
            throw new BadInputException("the jar that " + bundle.getSymbolicName() + " came from (" + location
                    + ") cannot be read any more; name the files to use");
        }
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new BadInputException(file + " has more than 256 MiB, which no driver has");
            }
            return Files.readAllBytes(file);
        } catch (IOException refused) {
            throw new BadInputException(file + " cannot be read (" + refused.getMessage() + ")");
        }
    }
}
