// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;

/**
 * The target of one export: files are made under temporary names and get their own all at once; closing it before that
 * takes everything away again, folders that it made included. Confined.
 */
final class ExportFolder implements AutoCloseable {
    private final Path folder;
    private final Disk disk;
    private final Unfinished unfinished;
    private final List<Path> made = new ArrayList<>();             // folders, outermost first
    private final Map<Path, Path> parts = new LinkedHashMap<>();   // temporary name to final name
    private final List<Path> named = new ArrayList<>();
    private boolean complete;

    /**
     * Makes the folder when it is missing. Throws {@link BadInputException} when it cannot be made or is none.
     *
     * @param state where is noted what a kill would leave; null for nowhere
     */
    ExportFolder(Path folder, Disk disk, Path state) throws IOException {
        this.folder = folder;
        this.disk = disk;
        this.unfinished = Unfinished.begin(state);
        try {
            make();
        } catch (IOException refused) {
            close();
            throw refused;
        } catch (BadInputException wrong) {
            close();
            throw wrong;
        }
    }

    private void make() throws IOException {
        var missing = new ArrayList<Path>();
        var at = folder.toAbsolutePath();
        for (; at != null && !Files.exists(at); at = at.getParent()) {
            missing.addFirst(at);
        }
        if (at != null && !Files.isDirectory(at)) {
            throw new BadInputException(at + " is not a folder; name another one");
        }
        try {
            for (var next : missing) {
                Files.createDirectory(next);
                made.add(next);
            }
        } catch (AccessDeniedException | NoSuchFileException refused) {
            throw new BadInputException("folder " + folder + " cannot be made; name one where you may write");
        }
    }

    /** The final name of a file: the wanted one, with a number when this export uses it already. */
    Path name(String stem, String suffix) {
        var safe = stem.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.", "_");
        var name = folder.resolve(safe + suffix);
        for (int n = 2; parts.containsValue(name); n++) {
            name = folder.resolve(safe + "-" + n + suffix);
        }
        return name;
    }

    private static Path part(Path name) {
        return name.resolveSibling("." + name.getFileName() + ".part");
    }

    /** The file that was made, past the memory of the system; null where that cannot be. */
    SeekableByteChannel straight(Path name) {
        return disk.straight(part(name));
    }

    /** Makes the file that will have this name. */
    SeekableByteChannel create(Path name) throws IOException {
        var part = part(name);
        Files.deleteIfExists(part); // left by a process that was killed
        parts.put(part, name);
        unfinished.add(part);
        return disk.create(part);
    }

    /** Gives all files their names; files of these names are replaced. */
    void complete() throws IOException {
        for (var entry : parts.entrySet()) {
            Files.move(entry.getKey(), entry.getValue(), StandardCopyOption.ATOMIC_MOVE);
            named.add(entry.getValue());
        }
        complete = true;
    }

    /** Takes away what is not complete. */
    @Override
    public void close() throws IOException {
        if (complete) {
            unfinished.close();
            return;
        }
        for (var part : parts.keySet()) {
            Files.deleteIfExists(part);
        }
        for (var name : named) {
            Files.deleteIfExists(name);
        }
        for (var at : made.reversed()) {
            Files.deleteIfExists(at);
        }
        unfinished.close();
    }
}
