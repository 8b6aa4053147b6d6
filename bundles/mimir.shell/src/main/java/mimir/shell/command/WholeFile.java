// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.StreamSupport;
import mimir.api.BadInputException;

/** Writes a text file wholly or not at all. Thread-safe. */
public final class WholeFile {
    /** The folder from which names are meant while a command runs. */
    static final ScopedValue<Path> FOLDER = ScopedValue.newInstance();

    private WholeFile() {
    }

    /** The path that somebody typed; {@code whose} names the option in the sentence. */
    static Path path(String whose, String text) {
        if (text.isBlank()) { // and it would be the folder that somebody happens to stand in
            throw new BadInputException(whose + " needs a name; '" + text + "' is none");
        }
        try {
            boolean home = text.equals("~") || text.startsWith("~/");
            return home ? Path.of(System.getProperty("user.home"), text.substring(1))
                    : FOLDER.orElse(Path.of("")).resolve(text);
        } catch (InvalidPathException e) {
            throw new BadInputException(whose + " '" + text + "' is no name for a file: " + e.getReason());
        }
    }

    /** The files that somebody means by a name or a pattern, in order of name. Blocks. */
    static List<Path> paths(String whose, String text) {
        var path = path(whose, text);
        if (!Names.isPattern(text) || Files.exists(path)) {
            return List.of(path);
        }
        var folder = path.getParent();
        try (var entries = Files.newDirectoryStream(folder == null ? Path.of("") : folder,
                path.getFileName().toString())) {
            var fitting = StreamSupport.stream(entries.spliterator(), false).sorted().toList();
            if (!fitting.isEmpty()) {
                return fitting;
            }
        } catch (IOException | DirectoryIteratorException | PatternSyntaxException e) {
            throw new BadInputException(whose + " cannot look for '" + text + "': is its folder there?");
        }
        throw new BadInputException(whose + " finds no file that fits '" + text + "'");
    }

    /**
     * Writes beside the file, then moves; straight into what is no file, such as {@code /dev/stdout}. Blocks.
     *
     * @throws BadInputException when the folder is not there
     * @throws UncheckedIOException when the disk refuses; one sentence
     */
    public static void write(Path file, String text) {
        write(file, text, new FileAttribute<?>[0]);
    }

    /** The same, for the eyes of the user alone (0600). */
    static void writePrivate(Path file, String text) {
        write(file, text, privately(file));
    }

    /** Makes a file that grows, empty, for the eyes of the user alone; an older one of that name goes. Returns it. */
    static Path emptyPrivate(Path file) throws IOException {
        refuseNoFile(file);
        Files.deleteIfExists(file);
        return Files.createFile(file, privately(file));
    }

    private static FileAttribute<?>[] privately(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];
    }

    private static void refuseNoFile(Path file) {
        var folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BadInputException(file + " cannot be written: " + folder + " is not a folder; make it first");
        }
        if (Files.isDirectory(file)) {
            throw new BadInputException(file + " is a folder; name a file in it");
        }
    }

    private static void write(Path file, String text, FileAttribute<?>... attributes) {
        refuseNoFile(file);
        var lines = text.endsWith("\n") ? text : text + "\n";
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                Files.writeString(file, lines, StandardOpenOption.WRITE);
            } else {
                replace(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(), lines, attributes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written (" + why(e)
                    + "): free some space or check its permissions", e);
        }
    }

    /** What the system said; of a refusal its exception names the file only. */
    private static String why(IOException refused) {
        return refused instanceof AccessDeniedException ? "permission denied" : refused.getMessage();
    }

    private static void replace(Path file, String lines, FileAttribute<?>... attributes) throws IOException {
        var beside = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.deleteIfExists(beside);
            Files.createFile(beside, attributes);
            Files.writeString(beside, lines);
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
