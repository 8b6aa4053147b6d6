// SPDX-License-Identifier: Apache-2.0
package mimir.shell.remote;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import mimir.api.BadInputException;

/**
 * Commands from another process. Immutable.
 *
 * @param folder absolute; where the caller stands, from which its names of files are meant
 * @param commands as they were typed
 */
public record Call(Path folder, String commands) {
    private static final String GREETING = "mimir 1";

    ByteBuffer frame() {
        var bytes = (GREETING + "\n" + folder + "\n" + commands).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Frames.MOST_BYTES || folder.toString().indexOf('\n') >= 0) {
            throw new BadInputException("the commands and the name of this folder are more than a running Mimir takes"
                    + " at once, which is " + Frames.MOST_BYTES / 1024 + " KiB: give fewer");
        }
        return Frames.frame(Frames.CALL, bytes, 0, bytes.length);
    }

    /** @throws BadInputException for what no caller of this version says */
    static Call read(ByteBuffer payload) {
        try {
            var parts = StandardCharsets.UTF_8.newDecoder().decode(payload).toString().split("\n", 3);
            if (parts.length == 3 && parts[0].equals(GREETING) && Path.of(parts[1]).isAbsolute()) {
                return new Call(Path.of(parts[1]), parts[2]);
            }
        } catch (CharacterCodingException | InvalidPathException rubbish) {
            throw strange();
        }
        throw strange();
    }

    static BadInputException strange() {
        return new BadInputException("this Mimir does not understand what it is told: use the ./mimir that it was"
                + " started with");
    }
}
