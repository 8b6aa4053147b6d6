// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Reads a log that grows and is put aside when it is full, without a gap. Confined. */
final class LogTail implements AutoCloseable {
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int AT_ONCE = 64 * 1024;

    private final Path file;
    private FileChannel channel;
    private Object key;
    private byte[] begun = {};

    LogTail(Path file) {
        this.file = file;
    }

    /** All that is there, also what was put aside; {@link #more} goes on behind it. */
    List<LogEntry> read() throws IOException {
        var before = new ArrayList<LogEntry>();
        var aside = file.resolveSibling(file.getFileName() + ".1");
        if (Files.exists(aside)) {
            Files.readString(aside).lines().map(LogEntry::of).flatMap(Optional::stream).forEach(before::add);
        }
        before.addAll(more());
        return before;
    }

    /** What came since, whole lines only. */
    List<LogEntry> more() throws IOException {
        var found = new ArrayList<LogEntry>();
        drain(found);
        var now = keyOf(file);
        if (now != null && !now.equals(key)) {
            drain(found); // what came just before it was put aside
            reopen();
            drain(found);
        }
        return found;
    }

    private void drain(List<LogEntry> found) throws IOException {
        var buffer = ByteBuffer.allocate(AT_ONCE);
        while (channel != null && channel.read(buffer.clear()) > 0) {
            take(buffer.flip(), found);
        }
    }

    private void take(ByteBuffer bytes, List<LogEntry> found) {
        var all = ByteBuffer.allocate(begun.length + bytes.remaining()).put(begun).put(bytes).array();
        int from = 0;
        for (int at = 0; at < all.length; at++) {
            if (all[at] == '\n') {
                LogEntry.of(new String(all, from, at - from, StandardCharsets.UTF_8)).ifPresent(found::add);
                from = at + 1;
            }
        }
        begun = Arrays.copyOfRange(all, from, all.length);
    }

    private void reopen() throws IOException {
        close();
        channel = null;
        begun = new byte[0];
        key = keyOf(file);
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException goneAgain) {
            key = null;
        }
    }

    /** What tells one file of this name from the next; null while there is none. */
    private static Object keyOf(Path file) throws IOException {
        try {
            var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (NoSuchFileException notYet) {
            return null;
        }
    }

    /** Waits a moment; shorter when interrupted. */
    void await() {
        LockSupport.parkNanos(LOOK_NS);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
