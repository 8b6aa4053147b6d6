// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.osgi.service.log.Logger;

/** The file of former lines, open to its user only. Immutable. */
final class History {
    private History() {
    }

    /**
     * The file, made when it is missing; empty when there can be none, which costs no more than a log line.
     *
     * @param state the folder of what is kept; null where there is none
     */
    static Optional<Path> file(Path state, Logger log) {
        if (state == null) {
            log.info("there is no folder for the history; lines are kept for this session only");
            return Optional.empty();
        }
        var file = state.resolve("history");
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, only(file, "rw-------"));
            }
            if (Files.isWritable(file)) {
                return Optional.of(file);
            }
            log.info("history {} cannot be written; lines are kept for this session only", file);
        } catch (IOException e) {
            log.info("history {} cannot be made ({}); lines are kept for this session only", file, e.getMessage());
        }
        return Optional.empty();
    }

    private static FileAttribute<?>[] only(Path file, String permissions) {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))};
    }
}
