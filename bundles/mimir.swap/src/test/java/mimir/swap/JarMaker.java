// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import mimir.swap.driver.TestDriver;

/** Makes small bundles. Confined. */
public final class JarMaker {
    /** Hashes of all that were made: for a gate that lets them in. */
    public static final Path LOCK = lock();
    public static final String DRIVER = "mimir.driver.test";
    public static final String FRAGMENT = DRIVER + ".native";

    private final Map<String, String> headers = new LinkedHashMap<>();
    private boolean hasCode;
    private String content = "";

    private JarMaker() {
    }

    public static JarMaker bundle(String name, String version) {
        return new JarMaker().with("Bundle-ManifestVersion", "2").with("Bundle-SymbolicName", name)
                .with("Bundle-Version", version);
    }

    /** A driver of these sources, separated by commas. */
    public static JarMaker driver(String version, String sources) {
        var maker = bundle(DRIVER, version).with("Bundle-Activator", TestDriver.class.getName())
                .with("Test-Sources", sources).with("Import-Package",
                "org.osgi.framework,mimir.ring,mimir.api.source");
        maker.hasCode = true;
        return maker;
    }

    public static JarMaker fragment(String version, String host) {
        return bundle(host + ".native", version).with("Fragment-Host", host + ";bundle-version=\"[1,2)\"");
    }

    /** A jar without any header. */
    public static JarMaker empty() {
        return new JarMaker();
    }

    public JarMaker with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** An entry {@code content.txt}. */
    public JarMaker content(String text) {
        content = text;
        return this;
    }

    public Path write(Path file) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.forEach((name, value) -> manifest.getMainAttributes().putValue(name, value));
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            if (hasCode) {
                for (var name : new String[] {"TestDriver", "TestDriver$TestSource", "TestDriver$Fault"}) {
                    code(jar, "mimir/swap/driver/" + name + ".class");
                }
            }
            jar.putNextEntry(new JarEntry("content.txt"));
            jar.write(content.getBytes());
            jar.closeEntry();
        }
        register(file);
        return file;
    }

    private static Path lock() {
        try {
            var file = Files.createTempFile("mimir", ".lock");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void register(Path file) throws IOException {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            Files.writeString(LOCK, HexFormat.of().formatHex(hash) + "  " + file.getFileName() + "\n",
                    StandardOpenOption.APPEND);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static void code(JarOutputStream jar, String path) throws IOException {
        jar.putNextEntry(new JarEntry(path));
        try (InputStream code = JarMaker.class.getClassLoader().getResourceAsStream(path)) {
            code.transferTo(jar);
        }
        jar.closeEntry();
    }
}
