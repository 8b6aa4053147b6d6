// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import mimir.api.BadInputException;
import mimir.api.swap.Trusted;

/**
 * The user's list of what may come in: lines {@code hash HEX NAME} and {@code signer HEX NAME}. Several instances may
 * share it: it is read anew each time, and changed under a lock. Thread-safe; touches the disk.
 */
final class TrustFile {
    private static final Pattern LINE = Pattern.compile("(hash|signer) ([0-9a-f]{64}) (.+)");
    private static final String NO_TEXT = "[\\p{C}\\p{Zl}\\p{Zp}]"; // a line must stay one
    private static final int LEAST_DIGITS = 6;

    private final Path file;
    private List<Trusted> memory = List.of(); // guarded by this; where there is no file

    /** In a folder that only its user can write; null keeps the list until the end of the process. */
    TrustFile(Path folder) {
        file = folder == null ? null : folder.resolve("trust");
    }

    /** A list with a line that says nothing is not believed at all. */
    synchronized List<Trusted> read() {
        return file == null ? memory : readFile();
    }

    private List<Trusted> readFile() {
        var trusted = new ArrayList<Trusted>();
        try {
            for (var line : Files.readAllLines(file)) {
                var read = LINE.matcher(line.strip());
                if (!read.matches()) {
                    throw new IllegalStateException("line " + (trusted.size() + 1) + " of " + file
                            + " is neither 'hash HEX NAME' nor 'signer HEX NAME'; correct it");
                }
                trusted.add(new Trusted(Trusted.Kind.valueOf(read.group(1).toUpperCase(Locale.ROOT)), read.group(2),
                        read.group(3)));
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException unreadable) {
            throw new IllegalStateException(file + " cannot be read (" + unreadable.getMessage()
                    + "); correct its permissions", unreadable);
        }
        return List.copyOf(trusted);
    }

    synchronized Trusted add(Trusted more) {
        var name = more.name().replaceAll(NO_TEXT, " ").strip();
        var clean = new Trusted(more.kind(), more.sha256(), name.isEmpty() ? "without a name" : name);
        return changing(() -> added(clean));
    }

    synchronized Trusted remove(String which) {
        return changing(() -> removed(which));
    }

    private Trusted changing(Supplier<Trusted> change) {
        if (file == null) {
            return change.get();
        }
        try (var lock = FileChannel.open(file.resolveSibling("trust.lock"), Set.of(StandardOpenOption.CREATE,
                StandardOpenOption.WRITE), privately())) {
            lock.lock(); // given back with the channel
            return change.get();
        } catch (IOException refused) {
            throw unwritable(refused);
        }
    }

    private IllegalStateException unwritable(IOException refused) {
        return new IllegalStateException(file + " cannot be written (" + refused.getMessage()
                + "); make room there or correct the folder's permissions", refused);
    }

    private Trusted added(Trusted more) {
        var all = new ArrayList<>(read());
        for (var one : all) {
            if (one.kind() == more.kind() && one.sha256().equals(more.sha256())) {
                return one;
            }
        }
        all.add(more);
        write(all);
        return more;
    }

    private Trusted removed(String which) {
        var all = new ArrayList<>(read());
        var meant = all.stream().filter(one -> one.name().equals(which) || which.length() >= LEAST_DIGITS
                && one.sha256().startsWith(which.toLowerCase(Locale.ROOT))).toList();
        if (meant.size() != 1) {
            throw new BadInputException(meant.isEmpty() ? "'" + which
                    + "' is not trusted; see mimir:trust --list for what is"
                    : "'" + which + "' may mean " + meant.size() + " that are trusted; give the first digits of one");
        }
        all.remove(meant.getFirst());
        write(all);
        return meant.getFirst();
    }

    /** As a whole or not at all. */
    void write(List<Trusted> all) {
        if (file == null) {
            memory = List.copyOf(all);
            return;
        }
        var lines = all.stream().map(one -> one.kind().name().toLowerCase(Locale.ROOT) + " " + one.sha256() + " "
                + one.name()).toList();
        var made = file.resolveSibling("trust.part"); // of who holds the lock
        try {
            Files.deleteIfExists(made);
            Files.createFile(made, privately());
            Files.write(made, lines);
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException refused) {
            discard(made);
            throw unwritable(refused);
        }
    }

    /** On a disk that is full: nothing of it stays. */
    private static void discard(Path made) {
        try {
            Files.deleteIfExists(made);
        } catch (IOException stays) {
            return; // the next one who writes tries again
        }
    }

    private FileAttribute<?>[] privately() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];
    }
}
