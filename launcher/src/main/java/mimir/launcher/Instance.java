// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A name that this process holds among the instances of its user. The system gives the lock of a killed process back,
 * so that a stale one needs no care; PIDs in files do.
 *
 * <p>Threads: thread-safe; {@link #close()} may be called twice.
 */
final class Instance implements AutoCloseable {
    /** Framework property: the name. */
    static final String NAME = "mimir.instance";
    /** Framework property: path of the socket to be reached at. */
    static final String SOCKET = "mimir.instance.socket";
    static final String LOCK = ".lock";
    /** Behind all that is written: where locks keep readers out, the card can be read all the same. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    /** As long as an instance that just ends, or a look at who runs, may hold a lock in passing. */
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final DateTimeFormatter SINCE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final RuntimeFolder folder;
    private final String name;
    private final FileChannel channel;

    private Instance(RuntimeFolder folder, String name, FileChannel channel) {
        this.folder = folder;
        this.name = name;
        this.channel = channel;
    }

    /**
     * Takes a name. Blocks for half a second when it is taken.
     *
     * @throws LaunchException when an instance of that name runs; it says which, and how to reach it
     */
    static Instance claim(RuntimeFolder folder, String name, String rig) throws LaunchException, IOException {
        long begin = System.nanoTime();
        do {
            var channel = tryClaim(folder.lock(name));
            if (channel != null) {
                var instance = new Instance(folder, name, channel);
                instance.write(new Card(name, ProcessHandle.current().pid(), Instant.now(), Console.oneLine(rig)));
                return instance;
            }
            LockSupport.parkNanos(LOOK_NS);
        } while (System.nanoTime() - begin < PATIENCE_NS);
        throw new LaunchException(name + " runs already (" + card(folder.lock(name)).map(Card::about)
            .orElse("it just starts or ends") + "): give it commands with ./mimir exec --to " + name
            + " 'COMMANDS', or start another beside it with --name OTHER.");
    }

    private void write(Card card) throws LaunchException {
        try {
            channel.truncate(0).write(ByteBuffer.wrap(card.text().getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException full) {
            close();
            throw new LaunchException("Mimir's folder of running instances, " + folder.path() + ", cannot be written ("
                + Console.oneLine(full.toString()) + "): free some space there, or set XDG_RUNTIME_DIR to another.");
        }
    }

    private static FileChannel tryClaim(Path file) throws IOException {
        try {
            var key = made(file);
            var channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            // Who ends removes his file; a lock on what has no name any more holds nobody off.
            if (lock(channel) != null && key(file).equals(key)) {
                return channel;
            }
            channel.close();
        } catch (NoSuchFileException goneMeanwhile) {
            return null;
        }
        return null;
    }

    private static Object made(Path file) throws IOException {
        try {
            Files.createFile(file, PrivateFolder.forUserOnly("rw-------"));
        } catch (FileAlreadyExistsException there) {
            return key(file);
        } catch (NoSuchFileException folderGone) {
            Files.createDirectories(file.getParent(), PrivateFolder.forUserOnly("rwx------"));
            throw folderGone;
        }
        return key(file);
    }

    private static Object key(Path file) throws IOException {
        var key = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
        return key == null ? file : key;
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException ownProcess) {
            return null;
        }
    }

    /** What the lock of a running instance says; nothing when nobody holds it. */
    static Optional<Card> card(Path lock) throws IOException {
        try (var channel = FileChannel.open(lock, StandardOpenOption.READ, StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS); var free = lock(channel)) {
            return free != null ? Optional.empty() : Optional.of(Card.read(lock));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    String name() {
        return name;
    }

    /** What bundles are told of it. */
    Map<String, String> properties() {
        return Map.of(NAME, name, SOCKET, folder.socket(name).toString());
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try (channel) { // the name is free when its files are gone
            Files.deleteIfExists(folder.socket(name));
            Files.deleteIfExists(folder.lock(name));
            Files.deleteIfExists(folder.path());
        } catch (DirectoryNotEmptyException others) {
            return;
        } catch (IOException e) {
            Console.say("Mimir could not remove what it left in " + folder.path() + " (" + Console.oneLine(e.toString())
                + "): remove it by hand.");
        }
    }

    /**
     * Who holds a name.
     *
     * @param rig as it was given on the command line
     */
    record Card(String name, long pid, Instant since, String rig) {
        private String text() {
            return "pid " + pid + "\nsince " + since.truncatedTo(ChronoUnit.SECONDS) + "\nrig " + rig + "\n";
        }

        private static Card read(Path lock) throws IOException {
            var file = lock.getFileName().toString();
            var name = file.substring(0, file.length() - LOCK.length());
            var lines = Files.readString(lock).split("\n", 4);
            try {
                return new Card(name, Long.parseLong(value(lines[0])), Instant.parse(value(lines[1])), value(lines[2]));
            } catch (RuntimeException halfWritten) {
                return new Card(name, 0, Instant.EPOCH, "");
            }
        }

        private static String value(String line) {
            return line.substring(line.indexOf(' ') + 1);
        }

        /** {@code process 17, since 2026-01-31 10:00:00, rig tiny}, in local time. */
        String about() {
            return pid == 0 ? "it just starts" : "process " + pid + ", since " + SINCE.format(since.atZone(ZoneId
                .systemDefault())) + ", rig " + rig;
        }
    }
}
