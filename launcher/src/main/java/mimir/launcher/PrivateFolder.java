// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Folders whose content this process believes, because nobody else could have put it there. Where files have no POSIX
 * permissions, the folder is taken as the system made it.
 *
 * <p>Threads: immutable.
 */
final class PrivateFolder {
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private PrivateFolder() {
    }

    /**
     * Makes the folder, with its parents, where it is missing: open to its user only.
     *
     * @return its real path
     * @throws LaunchException when it is there and somebody else owns it or may write to it
     * @throws IOException when it cannot be made
     */
    static Path make(Path folder) throws IOException, LaunchException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, forUserOnly("rwx------"));
        }
        var real = folder.toRealPath();
        require(real);
        return real;
    }

    /** Permissions of a new file or folder, such as {@code rw-------}. */
    static FileAttribute<?>[] forUserOnly(String permissions) {
        return POSIX ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
            : new FileAttribute<?>[0];
    }

    /** By its number: a user in a container may have no name. */
    static long uid() {
        return POSIX ? new UnixSystem().getUid() : 0;
    }

    /** True when it is there, is no link, and this user owns it. */
    static boolean isOwn(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(path)
            && (!POSIX || owner(path) == uid());
    }

    private static long owner(Path path) throws IOException {
        return Integer.toUnsignedLong((Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS));
    }

    private static void require(Path folder) throws IOException, LaunchException {
        if (!isOwn(folder)) {
            throw new LaunchException("The folder " + folder + " belongs to another user (" + owner(folder)
                + "), who could change what Mimir keeps there: name a folder of your own.");
        }
        if (POSIX && writableByOthers(Files.getPosixFilePermissions(folder))) {
            throw new LaunchException("Others may write to the folder " + folder
                + " and change what Mimir keeps there: take that right away with chmod go-w.");
        }
    }

    private static boolean writableByOthers(Set<PosixFilePermission> permissions) {
        return permissions.contains(PosixFilePermission.GROUP_WRITE)
            || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }
}
