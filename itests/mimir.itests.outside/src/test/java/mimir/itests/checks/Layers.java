// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The layering rules of {@code cnf/layers.properties}: lists by key, where the key for one bundle wins over the one for
 * all.
 *
 * <p>Threads: thread-safe once read.
 */
final class Layers {
    private final Properties properties;

    Layers(Properties properties) {
        this.properties = properties;
    }

    static Layers read(Path file) {
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Layers(properties);
    }

    boolean mayExport(String bundle) {
        return list("exporters").contains(bundle);
    }

    boolean mayImport(String bundle, String name) {
        return matchesAny(list(properties.containsKey("imports." + bundle) ? "imports." + bundle : "imports.*"), name);
    }

    /** The rule that forbids the package to the bundle, or null; rules for all bundles hold as well. */
    String forbidding(String bundle, String name) {
        return Stream.of("forbidden.*", "forbidden." + bundle).filter(key -> matchesAny(list(key), name)).findFirst()
            .orElse(null);
    }

    List<String> forbiddenHeaders() {
        return list("headers.forbidden");
    }

    List<String> forbiddenWords() {
        return list("words.forbidden");
    }

    private List<String> list(String key) {
        var value = properties.getProperty(key, "").strip();
        return value.isEmpty() ? List.of() : List.of(value.split("\\s*,\\s*"));
    }

    /** {@code a.b} is that package, {@code a.b.*} also everything below it. */
    private static boolean matchesAny(List<String> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.endsWith(".*")
            ? (name + ".").startsWith(pattern.substring(0, pattern.length() - 1)) : name.equals(pattern));
    }
}
