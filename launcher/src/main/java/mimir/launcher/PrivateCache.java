// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The framework's folder of this process, open to its user only ({@code createTempDirectory} makes it 0700), gone at
 * stop.
 *
 * <p>Its name tells the process: {@code mimir-PID-…}. What a killed process left behind is removed by the next launch
 * of the same user. A lock file inside settles the two doubts that a PID leaves: it was reused, or it lives in another
 * PID namespace.
 *
 * <p>Threads: thread-safe (immutable but for {@link #close()}, which may be called twice).
 */
final class PrivateCache implements AutoCloseable {
    private static final String PREFIX = "mimir-";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private PrivateCache(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    static PrivateCache create(Path parent) throws IOException {
        removeLeftovers(parent);
        var path = Files.createTempDirectory(parent, PREFIX + ProcessHandle.current().pid() + "-");
        var channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new PrivateCache(path, channel, channel.lock());
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            if (channel.isOpen()) {
                lock.release();
                channel.close();
            }
            delete(path);
        } catch (IOException e) {
            Console.say("Mimir could not remove its temporary folder " + path + " (" + e + "): remove it by hand.");
        }
    }

    private static void removeLeftovers(Path parent) throws IOException {
        for (var folder : foldersOfMimir(parent)) {
            if (isOurs(folder) && !isAlive(folder) && !isLocked(folder)) {
                delete(folder);
            }
        }
    }

    private static List<Path> foldersOfMimir(Path parent) throws IOException {
        var found = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(parent, PREFIX + "[0-9]*-*")) {
            entries.forEach(found::add);
        } catch (java.nio.file.DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    /** Folders of other users are theirs. */
    private static boolean isOurs(Path folder) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && PrivateFolder.isOwn(folder);
    }

    private static boolean isAlive(Path folder) {
        var pid = folder.getFileName().toString().split("-")[1];
        try {
            return ProcessHandle.of(Long.parseLong(pid)).isPresent();
        } catch (NumberFormatException e) {
            return true; // not a name that a launch of ours gave
        }
    }

    private static boolean isLocked(Path folder) throws IOException {
        var file = folder.resolve(LOCK);
        if (!Files.exists(file)) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE); var taken = channel.tryLock()) {
            return taken == null;
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new Deletion());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // gone meanwhile; if not, the folder's own deletion says so
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
