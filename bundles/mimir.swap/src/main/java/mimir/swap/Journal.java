// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What was swapped, one JSON object a line, in a file that only its user reads; several platforms of a user write the
 * same. When it is full it becomes the former one, and what was that before goes. Thread-safe; blocks on files.
 */
final class Journal {
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_UNWRITTEN = 40; // as many as people look at
    private static final Set<OpenOption> OPTIONS = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
            StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);

    private final Path file;
    private final Path former;
    private final long mostBytes;
    private final Consumer<String> warn;
    private final List<String> unwritten = new ArrayList<>(); // guarded by this

    /** In a folder that is there; {@code warn} is told when a line could not be kept. */
    Journal(Path folder, Consumer<String> warn) {
        this(folder, MOST_BYTES, warn);
    }

    Journal(Path folder, long mostBytes, Consumer<String> warn) {
        file = folder.resolve("swaps.jsonl");
        former = folder.resolve("swaps.1.jsonl");
        this.mostBytes = mostBytes;
        this.warn = warn;
    }

    /**
     * Adds a line, on an interrupted thread too. One that cannot be kept fails no swap; it is remembered, and written
     * before the next one.
     */
    synchronized void add(String line) {
        if (unwritten.size() == MOST_UNWRITTEN) {
            unwritten.removeFirst();
        }
        unwritten.add(line);
        boolean interrupted = false;
        try {
            while (!unwritten.isEmpty()) {
                if (added((unwritten.getFirst() + '\n').getBytes(StandardCharsets.UTF_8))) {
                    unwritten.removeFirst();
                } else {
                    interrupted |= Thread.interrupted(); // a channel closes under an interrupted thread
                }
            }
        } catch (IOException refused) {
            warn.accept("this swap is not in the journal: " + file + " cannot be written (" + refused.getMessage()
                    + "); make room or correct its permissions");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean added(byte[] line) throws IOException {
        try {
            append(line);
            return true;
        } catch (ClosedByInterruptException | FileLockInterruptionException again) {
            return false;
        }
    }

    private void append(byte[] line) throws IOException {
        try (var channel = FileChannel.open(file, OPTIONS, permissions()); var lock = channel.lock()) {
            if (channel.size() > 0 && channel.size() + line.length > mostBytes) {
                moveAway(channel.size());
            } else {
                write(channel, line);
                return;
            }
        }
        append(line);
    }

    /** Unless another instance has done so while this one waited for the lock: then a fresh one lies there. */
    private void moveAway(long size) throws IOException {
        if (Files.exists(file) && Files.size(file) == size) {
            Files.move(file, former, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Behind what is there, on a line of its own even if somebody could not write theirs to its end. */
    private static void write(FileChannel channel, byte[] line) throws IOException {
        long end = channel.size();
        var last = ByteBuffer.allocate(1);
        if (end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n') {
            end += channel.write(ByteBuffer.wrap(new byte[] {'\n'}), end);
        }
        for (var left = ByteBuffer.wrap(line); left.hasRemaining();) {
            end += channel.write(left, end);
        }
    }

    private FileAttribute<?>[] permissions() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];
    }

    /** All whole lines, oldest first, and those that wait for room on the disk. */
    synchronized List<String> lines() {
        var lines = new ArrayList<String>();
        for (var one : List.of(former, file)) {
            try {
                if (Files.exists(one)) {
                    Files.readString(one, StandardCharsets.ISO_8859_1).lines() // garbage, too, has lines
                            .filter(line -> line.startsWith("{") && line.endsWith("}"))
                            .forEach(lines::add);
                }
            } catch (IOException unreadable) {
                throw new IllegalStateException("the journal " + one + " cannot be read (" + unreadable.getMessage()
                        + "); correct its permissions or take it away", unreadable);
            }
        }
        lines.addAll(unwritten);
        return lines;
    }
}
