// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Regions in files of {@code rings.dir}: their names, and which of them the dead left behind. Immutable.
 *
 * <p>A living maker holds a lock on its file, which the system drops when the process ends, whatever its number was and
 * whichever container it ran in.
 */
final class RingFiles {
    private static final Pattern NAME = Pattern.compile(".+\\.[0-9a-f]{16}\\.ring");
    /** A file that is being made has neither its lock nor its magic for a moment. */
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private RingFiles() {
    }

    static String name(String identity, long id) {
        return identity.replaceAll("[^A-Za-z0-9._-]", "_") + "." + HexFormat.of().toHexDigits(id) + ".ring";
    }

    /** Looks at every file of a directory of rings. */
    static void removeLeftovers(Path directory) {
        try (var files = Files.list(directory)) {
            files.forEach(RingFiles::removeIfLeftOver);
        } catch (IOException unreadable) {
            throw new RingException("rings.dir " + directory
                    + " cannot be read; name a directory of yours or leave rings.dir out");
        }
    }

    /** Removes a file that is a ring of nobody; anything else is left alone. */
    static void removeIfLeftOver(Path file) {
        if (!NAME.matcher(file.getFileName().toString()).matches()
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        var opened = Posix.openExisting(file.toString(), true);
        if (opened.failed()) {
            return; // not ours to touch
        }
        int fd = (int) opened.value();
        try {
            if (Posix.unused(fd) && (isRing(file) || isOld(file))) {
                Files.deleteIfExists(file);
            }
        } catch (IOException refused) {
            throw new RingException("the ring file " + file + " was left behind and cannot be removed ("
                    + refused.getMessage() + "); remove it by hand");
        } finally {
            Posix.close(fd);
        }
    }

    private static boolean isRing(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            var magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            return channel.read(magic, 0) == Long.BYTES && magic.getLong(0) == Abi.MAGIC;
        }
    }

    private static boolean isOld(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(YOUNG));
    }
}
