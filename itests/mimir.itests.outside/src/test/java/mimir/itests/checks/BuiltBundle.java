// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * A bundle as it was built: the headers of its manifest and the names of what the jar holds.
 *
 * <p>Threads: immutable.
 */
record BuiltBundle(String name, Attributes headers, List<String> entries) {
    static BuiltBundle read(Path jar) {
        try (var file = new JarFile(jar.toFile())) {
            var headers = file.getManifest().getMainAttributes();
            var entries = file.stream().map(ZipEntry::getName).filter(entry -> !entry.endsWith("/")).toList();
            return new BuiltBundle(headers.getValue("Bundle-SymbolicName"), headers, entries);
        } catch (IOException e) {
            throw new UncheckedIOException(jar + " cannot be read: run mvn package first", e);
        }
    }

    boolean isFragment() {
        return headers.getValue("Fragment-Host") != null;
    }

    List<Clause> clauses(String header) {
        return Clause.parse(headers.getValue(header));
    }

    Set<String> packages() {
        var packages = new TreeSet<String>();
        for (var entry : entries) {
            if (entry.endsWith(".class") && entry.contains("/")) {
                packages.add(entry.substring(0, entry.lastIndexOf('/')).replace('/', '.'));
            }
        }
        return packages;
    }
}
