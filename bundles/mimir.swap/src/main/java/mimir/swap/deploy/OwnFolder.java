// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.Set;
import mimir.api.BadInputException;

/** A folder that nobody but its user can put something into. Immutable. */
final class OwnFolder {
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private OwnFolder() {
    }

    /**
     * Makes it where it is missing, for its user only.
     *
     * @throws BadInputException when it is there and is not such a folder, or cannot be made
     */
    static void make(Path folder) {
        try {
            if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder.toAbsolutePath().getParent());
                if (isPosix(folder.toAbsolutePath().getParent())) {
                    Files.createDirectory(folder,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                } else {
                    Files.createDirectory(folder);
                }
            }
        } catch (IOException refused) {
            throw new BadInputException("the folder " + folder + " cannot be made (" + refused.getMessage()
                    + "); name another");
        }
        check(folder);
    }

    /** Throws {@link BadInputException} when somebody else could put a jar into it. */
    static void check(Path folder) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new BadInputException(folder + (Files.isSymbolicLink(folder) ? " is a link"
                        : " is no folder") + "; jars come in out of a folder of your own only, name that");
            }
            if (isPosix(folder)) {
                checkOwner(folder);
            }
        } catch (IOException refused) {
            throw new BadInputException("the folder " + folder + " cannot be looked at (" + refused.getMessage()
                    + "); check its permissions");
        }
    }

    private static boolean isPosix(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView("posix");
    }

    private static void checkOwner(Path folder) throws IOException {
        var owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS);
        if (!self().equals(owner)) {
            throw new BadInputException(folder + " belongs to " + owner.getName()
                    + "; jars come in out of a folder of your own only, name that");
        }
        var writers = new HashSet<>(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS));
        writers.retainAll(OTHERS_WRITE);
        if (!writers.isEmpty()) {
            throw new BadInputException("others than its owner can write to " + folder + "; take that away with chmod"
                    + " go-w " + folder);
        }
    }

    /** Who this process is. */
    private static UserPrincipal self() throws IOException {
        var process = Path.of("/proc/self");
        return Files.exists(process) ? Files.getOwner(process) : process.getFileSystem()
                .getUserPrincipalLookupService().lookupPrincipalByName(System.getProperty("user.name"));
    }
}
