// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The manifests of one platform: a private folder {@code PID.START.N} among those of the other platforms of this user,
 * one small file per source in it. Thread-safe.
 */
final class ManifestFolder implements AutoCloseable {
    private static final int MOST_FOLDERS = 1000;
    private static final FileAttribute<?> ONLY_OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path root; // null: nobody is told
    private Path own;     // guarded by this; null until the first ring
    private String fault; // guarded by this

    ManifestFolder(Path root) {
        this.root = root;
    }

    /** Puts the manifest of a source in its place, whole at once. A fault is kept for {@link #fault}. */
    synchronized void publish(int sourceId, RingManifest manifest) {
        if (root == null) {
            return;
        }
        try {
            if (own == null) {
                own = makeOwn();
            }
            var part = own.resolve(sourceId + ".part");
            Files.deleteIfExists(part);
            Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(part, manifest.bytes());
            Files.move(part, own.resolve(sourceId + Manifests.SUFFIX), StandardCopyOption.ATOMIC_MOVE);
            fault = null;
        } catch (IOException | RingException e) {
            fault = "other processes cannot find the rings: " + root + " cannot be used (" + e.getMessage()
                    + "); set MIMIR_MANIFESTS to a folder of yours";
        }
    }

    private Path makeOwn() throws IOException {
        var self = ProcessMark.self();
        for (int n = 1; n <= MOST_FOLDERS; n++) {
            makeRoot();
            try {
                return Files.createDirectory(root.resolve(self.pid() + "." + self.startTicks() + "." + n), ONLY_OURS);
            } catch (FileAlreadyExistsException | NoSuchFileException another) {
                continue; // another store of this process, or the last platform there took the root away just now
            }
        }
        throw new RingException(MOST_FOLDERS + " rings stores of this process are there already");
    }

    private void makeRoot() throws IOException {
        if (!Files.exists(root)) {
            try {
                Files.createDirectory(root, ONLY_OURS);
            } catch (FileAlreadyExistsException another) {
                return; // a platform of this user that starts at the same time
            }
        }
        if (!Manifests.isOurs(root)) {
            throw new RingException("not a folder that only you may write");
        }
    }

    /** Why other processes cannot find the rings, if so. */
    synchronized Optional<String> fault() {
        return Optional.ofNullable(fault);
    }

    /** Takes one manifest away. */
    synchronized void withdraw(int sourceId) {
        if (own != null) {
            Manifests.delete(own.resolve(sourceId + Manifests.SUFFIX));
        }
    }

    /** Takes all away. */
    @Override
    public synchronized void close() {
        if (own != null) {
            Manifests.deleteFolder(own);
            own = null;
            if (Manifests.isEmpty(root)) {
                Manifests.delete(root);
            }
        }
    }
}
