// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import mimir.api.BadInputException;

/** Who signed a jar, by the JDK's own verification of each entry. Immutable; touches no list. */
final class Signers {
    private static final Pattern SIGNATURE =
            Pattern.compile("META-INF/([^/]+\\.(SF|RSA|DSA|EC)|SIG-[^/]+)", Pattern.CASE_INSENSITIVE);
    private static final int MOST_CERTIFICATE = 1 << 16;

    private Signers() {
    }

    /**
     * Certificates with which every entry is signed; none when the jar has no signature.
     *
     * @throws BadInputException when it has one that does not hold
     */
    static Set<X509Certificate> of(Jar jar) {
        if (jar.archive().names().stream().noneMatch(name -> SIGNATURE.matcher(name).matches())) {
            return Set.of();
        }
        try {
            var copy = Files.createTempFile("mimir-gate", ".jar"); // the JDK verifies files only
            try {
                Files.write(copy, jar.bytes());
                return of(jar, copy);
            } finally {
                Files.delete(copy);
            }
        } catch (IOException refused) {
            throw new BadInputException("the signature of " + jar.file() + " cannot be checked ("
                    + refused.getMessage() + "); free some space in the temporary folder, or sign it again");
        }
    }

    private static Set<X509Certificate> of(Jar jar, Path copy) throws IOException {
        Set<X509Certificate> common = null;
        try (var file = new JarFile(copy.toFile(), true)) {
            for (var name : jar.archive().names()) {
                if (!name.endsWith("/") && !name.equals(JarFile.MANIFEST_NAME) && !SIGNATURE.matcher(name).matches()) {
                    var signers = signers(jar, file, name);
                    if (common == null) {
                        common = signers;
                    } else {
                        common.retainAll(signers);
                    }
                }
            }
        }
        return common == null ? Set.of() : common;
    }

    /** What was verified must be what is in memory, whoever may have touched the copy. */
    private static Set<X509Certificate> signers(Jar jar, JarFile file, String name) throws IOException {
        var entry = file.getJarEntry(name);
        try (var stream = file.getInputStream(entry)) {
            if (!Arrays.equals(stream.readAllBytes(), jar.archive().content(name))) {
                throw new IOException("its copy was changed");
            }
        } catch (SecurityException forged) {
            throw new BadInputException(jar.file() + " was changed after it was signed (" + name
                    + "); get it again from who signed it");
        }
        var signers = new HashSet<X509Certificate>();
        if (entry.getCodeSigners() == null) {
            throw new BadInputException(jar.file() + " has an entry that is not signed (" + name
                    + ") beside others that are; get it again from who signed it");
        }
        for (var signer : entry.getCodeSigners()) {
            if (signer.getSignerCertPath().getCertificates().getFirst() instanceof X509Certificate x509) {
                signers.add(x509);
            }
        }
        return signers;
    }

    /**
     * A certificate out of a file that is text with one in PEM, or nothing but one in DER; null when it is neither. The
     * JDK would find one in the middle of a jar, and who trusts that jar trusts nobody else.
     */
    static X509Certificate read(Path file) {
        try (var stream = Files.newInputStream(file)) {
            var bytes = stream.readNBytes(MOST_CERTIFICATE + 1);
            return bytes.length <= MOST_CERTIFICATE && CertificateFactory.getInstance("X.509").generateCertificate(
                    new ByteArrayInputStream(bytes)) instanceof X509Certificate x509
                    && (isText(bytes) || x509.getEncoded().length == bytes.length) ? x509 : null;
        } catch (IOException | CertificateException none) {
            return null;
        }
    }

    private static boolean isText(byte[] bytes) {
        for (var one : bytes) {
            if (one >= 0 && one < ' ' && one != '\n' && one != '\r' && one != '\t') {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 of a certificate, as {@code keytool -list -v} and {@code openssl x509 -fingerprint -sha256} have it. */
    static String fingerprint(Certificate certificate) {
        try {
            return Jar.sha256(certificate.getEncoded());
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate that was read has no encoding", impossible);
        }
    }
}
