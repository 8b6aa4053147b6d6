// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The jars that may be started: those in {@code mimir.lock}, which the build makes beside them, and those that the user
 * trusts by their hash (docs/adr/0010-gate.md; signers are known to the gate, which is a bundle). The bytes that were
 * checked are the bytes that are installed.
 *
 * <p>Threads: immutable.
 */
final class KnownJars {
    /** Framework property: path of the list. */
    static final String PROPERTY = "mimir.lock";
    private static final int HEX = 64;
    private static final String TRUSTED = "hash ";

    private final Set<String> hashes;

    private KnownJars(Set<String> hashes) {
        this.hashes = hashes;
    }

    /**
     * Reads the lists.
     *
     * @param lock lines as {@code sha256sum} writes them
     * @param state folder with the user's list; empty where there is none
     */
    static KnownJars read(Path lock, Optional<Path> state) throws LaunchException {
        var hashes = new HashSet<String>();
        try {
            for (var line : Files.readAllLines(lock)) {
                hashes.add(line.substring(0, Math.min(HEX, line.length())));
            }
        } catch (IOException e) {
            throw new LaunchException(lock + ", which says what belongs to Mimir, cannot be read ("
                + Console.oneLine(e.toString()) + "): build Mimir anew.");
        }
        if (state.isPresent()) {
            readTrusted(state.get().resolve("trust"), hashes);
        }
        return new KnownJars(hashes);
    }

    private static void readTrusted(Path list, Set<String> hashes) throws LaunchException {
        try {
            for (var line : Files.readAllLines(list)) {
                if (line.startsWith(TRUSTED) && line.length() > TRUSTED.length() + HEX) {
                    hashes.add(line.substring(TRUSTED.length(), TRUSTED.length() + HEX));
                }
            }
        } catch (NoSuchFileException nothingTrusted) {
            return;
        } catch (IOException e) {
            throw new LaunchException(list + " cannot be read (" + Console.oneLine(e.toString())
                + "): correct its permissions.");
        }
    }

    /** The bytes of a jar that is known. */
    byte[] read(Path jar) throws LaunchException {
        try {
            var bytes = Files.readAllBytes(jar);
            var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            if (!hashes.contains(hash)) {
                throw new LaunchException(jar + " is not what Mimir's build has made (SHA-256 " + hash.substring(0, 12)
                    + "…): build Mimir anew, or take the file away; what is your own comes in with mimir:install.");
            }
            return bytes;
        } catch (IOException e) {
            throw new LaunchException(jar + " cannot be read (" + Console.oneLine(e.toString())
                + "): check its permissions.");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java has SHA-256", missing);
        }
    }
}
