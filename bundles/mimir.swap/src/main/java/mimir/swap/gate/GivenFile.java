// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import mimir.api.BadInputException;

/**
 * A file, and what it held when it was read. Somebody who writes it anew while that is on its way in wants something
 * else to run. Immutable.
 */
record GivenFile(Path file, byte[] bytes) {
    private static final int CHUNK = 1 << 16;

    /**
     * Looks whether it holds the same still; of one that has become longer no more than a piece is read. Blocks.
     *
     * @throws BadInputException when it does not: one sentence
     */
    void check() {
        if (!Files.isReadable(file)) {
            throw new BadInputException(file + " was there when it was checked and is gone or cannot be read now;"
                    + " put it back and bring it in again");
        }
        try {
            if (!Files.isRegularFile(file) || Files.size(file) != bytes.length || !isSame()) {
                throw new BadInputException(file + " changed while it was being swapped in; bring it in again when"
                        + " nothing writes it any more");
            }
        } catch (IOException refused) {
            throw new BadInputException(file + " cannot be read again (" + refused.getMessage()
                    + "); copy it anew and bring it in again");
        }
    }

    private boolean isSame() throws IOException {
        try (var stream = Files.newInputStream(file)) {
            var chunk = new byte[CHUNK];
            int at = 0;
            int got = stream.readNBytes(chunk, 0, CHUNK);
            while (got > 0) {
                if (got > bytes.length - at || !Arrays.equals(chunk, 0, got, bytes, at, at + got)) {
                    return false;
                }
                at += got;
                got = stream.readNBytes(chunk, 0, CHUNK);
            }
            return at == bytes.length;
        }
    }
}
