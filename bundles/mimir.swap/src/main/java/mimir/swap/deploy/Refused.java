// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Where jars go that cannot come in: {@code refused/NAME}, and {@code refused/NAME.reason} beside it. Immutable. */
record Refused(Path folder) {

    static Refused below(Path folder) {
        return new Refused(folder.resolve("refused"));
    }

    /** Moves a jar there. Returns the sentence with the place where the jar is now. */
    String put(Path file, String reason) throws IOException {
        OwnFolder.make(folder);
        var moved = folder.resolve(file.getFileName());
        var told = reason.replace(file.toString(), moved.toString());
        try {
            Files.move(file, moved, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException gone) {
            return told; // whoever took it away knows about it
        }
        try {
            tell(folder.resolve(file.getFileName() + ".reason"), told);
        } catch (IOException full) {
            return told + "; there is no .reason beside it (" + full.getMessage() + ")";
        }
        return told;
    }

    /** Whole when it appears: who waits for it reads it at once. */
    private static void tell(Path reason, String told) throws IOException {
        var part = reason.resolveSibling(reason.getFileName() + ".part");
        try {
            Files.writeString(part, told + System.lineSeparator());
            Files.move(part, reason, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
