// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes jars in memory, entry by entry. Confined. */
final class TestJar {
    private final Manifest manifest = new Manifest();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private TestJar() {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    }

    /** A sound bundle. */
    static TestJar bundle(String name) {
        return new TestJar().with("Bundle-ManifestVersion", "2").with("Bundle-SymbolicName", name)
                .with("Bundle-Version", "1.0.0");
    }

    TestJar with(String header, String value) {
        manifest.getMainAttributes().putValue(header, value);
        return this;
    }

    TestJar entry(String path, byte[] content) {
        entries.put(path, content);
        return this;
    }

    TestJar entry(String path, String content) {
        return entry(path, content.getBytes(StandardCharsets.UTF_8));
    }

    byte[] bytes() {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            manifest.write(zip);
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** As if it had been read from a file of that name. */
    Jar jar(String file) {
        return Jar.of(Path.of(file), bytes());
    }
}
