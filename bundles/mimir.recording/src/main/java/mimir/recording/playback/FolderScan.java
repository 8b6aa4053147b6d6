// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mimir.api.BadInputException;

/** Finds what can be played below a folder. Confined. */
final class FolderScan extends SimpleFileVisitor<Path> {
    private static final int DEPTH = 8;
    private static final int MOST_SOURCES = 64;
    private static final int MOST_FILES = 200_000;
    private static final int MOST_NAME = 100;

    private final Path root;
    private final TreeSet<Take> takes = new TreeSet<>(Comparator.comparing(Take::path).thenComparing(Take::kind)
            .thenComparing(Take::stem));
    private int files;

    private FolderScan(Path root) {
        this.root = root;
    }

    /**
     * One thing to play. Immutable.
     *
     * @param path folder of the pictures, or the WAV file
     * @param stem name of the pictures without number and suffix; of a WAV file without suffix
     */
    record Take(Settings.Kind kind, Path path, String stem) {
        Path folder() {
            return kind == Settings.Kind.WAV ? path.getParent() : path;
        }
    }

    /**
     * Searches a folder eight levels deep; names that begin with a dot are left out.
     *
     * @return what was found, in order of folder and name, by short names that are unique
     * @throws BadInputException when the folder cannot be read, or holds nothing or far too much to play
     */
    static Map<String, Take> scan(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new BadInputException((Files.exists(folder) ? folder + " is a file" : "folder " + folder
                    + " is not there") + "; name a folder with JPEG, PNG or WAV files");
        }
        var scan = new FolderScan(folder.toAbsolutePath().normalize());
        try {
            Files.walkFileTree(scan.root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEPTH, scan);
        } catch (IOException unreadable) {
            throw new BadInputException("folder " + unreadable.getMessage() + " cannot be read; check its permissions");
        }
        if (scan.takes.isEmpty()) {
            throw new BadInputException("folder " + folder
                    + " holds nothing to play; name one with JPEG, PNG or WAV files");
        }
        return scan.named();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        boolean hidden = !folder.equals(root) && folder.getFileName().toString().startsWith(".");
        return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (++files > MOST_FILES) {
            throw new BadInputException("folder " + root + " holds more than " + MOST_FILES
                    + " files; name a folder with recordings only");
        }
        var name = file.getFileName().toString();
        if (!attributes.isRegularFile() || name.startsWith(".")) {
            return FileVisitResult.CONTINUE;
        }
        var stem = ImageSequence.stem(name);
        if (stem != null) {
            takes.add(new Take(Settings.Kind.IMAGES, file.getParent(), stem));
        } else if (name.toLowerCase(Locale.ROOT).endsWith(".wav")) {
            takes.add(new Take(Settings.Kind.WAV, file, name.substring(0, name.length() - 4)));
        }
        if (takes.size() > MOST_SOURCES) {
            throw new BadInputException("folder " + root + " holds more than " + MOST_SOURCES
                    + " recordings (a file name without its number is one); name a smaller folder");
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof FileSystemLoopException || !Files.isDirectory(file)) {
            return FileVisitResult.CONTINUE; // a link to a folder above it, a dangling link, a file that went away
        }
        throw new IOException(file.toString(), failure);
    }

    /** Folder and stem where that is unique, the whole path where it is not, and a number where even that is not. */
    private Map<String, Take> named() {
        var uses = takes.stream().collect(Collectors.groupingBy(take -> name(take, 1), Collectors.counting()));
        var named = new LinkedHashMap<String, Take>();
        for (var take : takes) {
            var shortName = name(take, 1);
            var name = uses.get(shortName) == 1 ? shortName : name(take, DEPTH);
            var unique = name;
            for (int n = 2; named.containsKey(unique); n++) {
                unique = name + "." + n;
            }
            named.put(unique, take);
        }
        return named;
    }

    private String name(Take take, int folders) {
        List<String> parts = new ArrayList<>();
        var below = root.relativize(take.folder());
        for (int i = Math.max(0, below.getNameCount() - folders); i < below.getNameCount(); i++) {
            parts.add(below.getName(i).toString());
        }
        parts.add(take.kind() == Settings.Kind.IMAGES ? take.stem().replaceAll("[-_. ]+$", "") : take.stem());
        parts.removeIf(String::isEmpty);
        if (parts.isEmpty()) {
            parts.add(root.getFileName() == null ? "pictures" : root.getFileName().toString());
        }
        var name = String.join(".", parts).replaceAll("[^A-Za-z0-9._-]", "_");
        return name.substring(Math.max(0, name.length() - MOST_NAME));
    }
}
