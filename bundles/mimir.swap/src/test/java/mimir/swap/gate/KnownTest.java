// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import jdk.security.jarsigner.JarSigner;
import mimir.api.BadInputException;
import mimir.api.swap.Trusted;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path folder;
    private Known known;
    private Jar jar;

    @BeforeEach
    void make() throws Exception {
        jar = TestJar.bundle("lab.lamp").entry("content.txt", "light").entry("more.txt", "lamp").jar("lamp.jar");
        var lock = Files.writeString(folder.resolve("mimir.lock"), "0".repeat(64) + "  bundles/other.jar\n");
        known = new Known(folder, lock);
    }

    @Test
    void shouldRefuseWhatNobodyKnowsAndSayHowToLetItIn() {
        assertEquals("lamp.jar is unknown here (SHA-256 " + jar.sha256().substring(0, 12)
                + "…); if you know where it comes from, let it in with mimir:trust lamp.jar", refusal(jar));
    }

    @Test
    void shouldKnowWhatTheBuildMade() throws Exception {
        Files.writeString(folder.resolve("mimir.lock"), jar.sha256() + "  bundles/lamp.jar\n");

        assertEquals("mimir.lock", known.origin(jar, null));
    }

    @Test
    void shouldTrustAJarUntilItIsForgotten() throws Exception {
        var file = Files.write(folder.resolve("lamp.jar"), jar.bytes());

        var trusted = known.trust(file.toString());
        assertEquals(new Trusted(Trusted.Kind.HASH, jar.sha256(), "lamp.jar"), trusted);
        assertEquals("trusted", known.origin(jar, null));
        assertEquals(trusted, known.trust(file.toString()), "once is enough");
        assertEquals(List.of("hash " + jar.sha256() + " lamp.jar"), Files.readAllLines(folder.resolve("trust")));
        assertEquals("rw-------", PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("trust"))));

        assertEquals(trusted, known.forget(jar.sha256().substring(0, 6).toUpperCase()));
        assertEquals(List.of(), known.trusted());
        refusal(jar);
        known.trust(jar.sha256().toUpperCase());
        assertEquals("trusted", known.origin(jar, null));
    }

    @Test
    void shouldSayWhatCannotBeTrustedOrForgotten() throws Exception {
        assertEquals("nowhere.jar is no file; give a jar, the certificate of a signer, or the SHA-256 of a jar",
                sentence(() -> known.trust("nowhere.jar")));
        var text = Files.writeString(folder.resolve("a.txt"), "text");
        assertEquals(text + " is no sound jar (it is no zip or is cut off); build or copy it again",
                sentence(() -> known.trust(text.toString())));
        assertEquals("'lamp.jar' is not trusted; see mimir:trust --list for what is",
                sentence(() -> known.forget("lamp.jar")));
        known.trust("a".repeat(64));
        known.trust("a".repeat(63) + "b");
        assertEquals("'aaaaaa' may mean 2 that are trusted; give the first digits of one",
                sentence(() -> known.forget("aaaaaa")));
    }

    @Test
    void shouldNotBelieveAListThatIsDamaged() throws Exception {
        Files.writeString(folder.resolve("trust"), "hash " + jar.sha256() + " lamp.jar\nanything\n");

        assertEquals("line 2 of " + folder.resolve("trust") + " is neither 'hash HEX NAME' nor 'signer HEX NAME';"
                + " correct it", assertThrows(IllegalStateException.class, () -> known.origin(jar, null)).getMessage());
    }

    @Test
    void shouldTrustASignerAndWhatThatSignsUnchanged() throws Exception {
        var keys = keys();
        var certificate = folder.resolve("lab.crt");
        Files.write(certificate, keys.getCertificate("lab").getEncoded());
        var signed = signed(keys, jar);
        refusal(signed);

        var trusted = known.trust(certificate.toString());
        assertEquals(Trusted.Kind.SIGNER, trusted.kind());
        assertEquals("CN=lab", trusted.name());
        assertEquals("signed by CN=lab", known.origin(signed, null));
        refusal(jar);

        assertEquals("lamp.jar was changed after it was signed (content.txt); get it again from who signed it",
                refusal(changed(signed, "content.txt", "dark!")));
        assertEquals("lamp.jar has an entry that is not signed (zzz.txt) beside others that are; get it again from who"
                + " signed it", refusal(changed(signed, "zzz.txt", "added")));
    }

    @Test
    void shouldTrustNoSignerWhoseCertificateIsSomewhereInAJar() throws Exception {
        var encoded = keys().getCertificate("lab").getEncoded();
        var pem = "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                + "\n-----END CERTIFICATE-----\n";
        for (var hidden : List.of(pem.getBytes(), encoded)) {
            var bytes = new ByteArrayOutputStream();
            bytes.write(hidden);
            bytes.write(jar.bytes());
            var file = Files.write(folder.resolve("two.jar"), bytes.toByteArray());

            assertEquals(file + " is no sound jar (its directory is not where it says); build or copy it again",
                    sentence(() -> known.trust(file.toString())));
        }
        assertEquals(List.of(), known.trusted());

        var text = Files.writeString(folder.resolve("lab.pem"), "Certificate:\n" + pem);
        assertEquals(Trusted.Kind.SIGNER, known.trust(text.toString()).kind());
    }

    private String refusal(Jar jar) {
        return sentence(() -> known.origin(jar, null));
    }

    private static String sentence(Runnable refused) {
        return assertThrows(BadInputException.class, refused::run).getMessage();
    }

    private KeyStore keys() throws Exception {
        var file = folder.resolve("keys.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        int status = new ProcessBuilder(keytool, "-genkeypair", "-alias", "lab", "-keyalg", "EC", "-groupname",
                "secp256r1", "-dname", "CN=lab", "-keystore", file.toString(), "-storepass", new String(PASSWORD))
                .redirectErrorStream(true).redirectOutput(folder.resolve("keytool.txt").toFile()).start().waitFor();
        assertEquals(0, status, () -> "see keytool.txt");
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }

    private Jar signed(KeyStore keys, Jar plain) throws Exception {
        var entry = (KeyStore.PrivateKeyEntry) keys.getEntry("lab", new KeyStore.PasswordProtection(PASSWORD));
        var file = Files.write(folder.resolve("plain.jar"), plain.bytes());
        var signed = new ByteArrayOutputStream();
        try (var zip = new ZipFile(file.toFile())) {
            new JarSigner.Builder(entry).build().sign(zip, signed);
        }
        return Jar.of(plain.file(), signed.toByteArray());
    }

    /** With another content of one entry, or one more. */
    private static Jar changed(Jar jar, String name, String content) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var from = new ZipInputStream(new ByteArrayInputStream(jar.bytes()));
                var to = new ZipOutputStream(bytes)) {
            for (var entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                var same = from.readAllBytes();
                to.write(entry.getName().equals(name) ? content.getBytes() : same);
            }
            if (!jar.archive().names().contains(name)) {
                to.putNextEntry(new ZipEntry(name));
                to.write(content.getBytes());
            }
        }
        return Jar.of(jar.file(), bytes.toByteArray());
    }
}
