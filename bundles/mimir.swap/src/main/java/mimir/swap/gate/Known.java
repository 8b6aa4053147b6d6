// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import mimir.api.BadInputException;
import mimir.api.swap.TrustList;
import mimir.api.swap.Trusted;
import org.osgi.framework.Bundle;

/**
 * Who may come in: what Mimir shipped with ({@code mimir.lock}, made by its build), what the user trusts, and what runs
 * already. Thread-safe.
 */
final class Known implements TrustList {
    private static final String HASH = "[0-9a-fA-F]{64}";

    private final TrustFile file;
    private final Path lock;

    /**
     * With the user's list in a folder.
     *
     * @param lock hashes of what Mimir shipped with, as {@code sha256sum} writes them; null when there are none
     */
    Known(Path folder, Path lock) {
        this.file = new TrustFile(folder);
        this.lock = lock;
    }

    /**
     * Why a jar may come in.
     *
     * @param running the bundle that it would replace, when that came in by the gate; null otherwise
     * @throws BadInputException when it may not
     */
    String origin(Jar jar, Bundle running) {
        var sha256 = jar.sha256();
        if (shipped().stream().anyMatch(line -> line.startsWith(sha256))) {
            return "mimir.lock";
        }
        var signers = Signers.of(jar);
        for (var one : file.read()) {
            if (one.kind() == Trusted.Kind.HASH && one.sha256().equals(sha256)) {
                return "trusted";
            }
            if (one.kind() == Trusted.Kind.SIGNER && signers.stream().anyMatch(signer ->
                    Signers.fingerprint(signer).equals(one.sha256()))) {
                return "signed by " + one.name();
            }
        }
        if (running != null && isSame(jar, running)) {
            return "runs already";
        }
        throw new BadInputException(jar.file() + " is unknown here (SHA-256 " + sha256.substring(0, 12)
                + "…); if you know where it comes from, let it in with mimir:trust " + jar.file());
    }

    /** Read anew: a build that goes on beside a running platform makes a new one. */
    private List<String> shipped() {
        try {
            return lock == null ? List.of() : Files.readAllLines(lock);
        } catch (IOException unreadable) {
            throw new IllegalStateException(lock + " cannot be read (" + unreadable.getMessage()
                    + "); build Mimir anew", unreadable);
        }
    }

    /** Entry by entry. */
    static boolean isSame(Jar jar, Bundle running) {
        var files = jar.archive().names().stream().filter(name -> !name.endsWith("/")).toList();
        return files.size() == count(running, "/") && files.stream().allMatch(name ->
                Arrays.equals(jar.archive().content(name), Part.content(running, name)));
    }

    private static long count(Bundle bundle, String folder) {
        var paths = bundle.getEntryPaths(folder);
        return paths == null ? 0 : Collections.list(paths).stream().mapToLong(path ->
                path.endsWith("/") ? count(bundle, path) : 1).sum();
    }

    @Override
    public Trusted trust(String fileOrHash) {
        var path = Path.of(fileOrHash);
        if (fileOrHash.matches(HASH) && !Files.exists(path)) {
            return file.add(new Trusted(Trusted.Kind.HASH, fileOrHash.toLowerCase(Locale.ROOT), "given by its hash"));
        }
        if (!Files.isRegularFile(path)) {
            throw new BadInputException(fileOrHash + " is no file; give a jar, the certificate of a signer, or the"
                    + " SHA-256 of a jar");
        }
        var certificate = Signers.read(path);
        return file.add(certificate == null
                ? new Trusted(Trusted.Kind.HASH, Jar.read(path).sha256(), path.getFileName().toString())
                : new Trusted(Trusted.Kind.SIGNER, Signers.fingerprint(certificate),
                        certificate.getSubjectX500Principal().getName()));
    }

    @Override
    public Trusted forget(String which) {
        return file.remove(which);
    }

    @Override
    public List<Trusted> trusted() {
        return file.read();
    }
}
