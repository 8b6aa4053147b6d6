// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What stands in the folder of manifests: found, read, and removed where the dead left it. Immutable.
 */
final class Manifests {
    static final String SUFFIX = ".manifest";

    /** A manifest and the file that it was read from. */
    record Found(Path file, RingManifest manifest) {
    }

    private Manifests() {
    }

    /** See {@link ForeignRings#folder}. */
    static Path usual() {
        var named = System.getProperty("mimir.manifests", System.getenv("MIMIR_MANIFESTS"));
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        var runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isBlank() && Files.isWritable(Path.of(runtime))) {
            return Path.of(runtime).resolve("mimir");
        }
        var temporary = System.getenv("TMPDIR");
        return Path.of(temporary == null || temporary.isBlank() ? System.getProperty("java.io.tmpdir") : temporary)
                .resolve("mimir-" + uid());
    }

    private static int uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException noProc) {
            throw new UncheckedIOException("/proc is needed to find rings of other processes; mount it", noProc);
        }
    }

    /** Who else could write there could lead our readers anywhere. */
    static boolean isOurs(Path folder) {
        try {
            var attributes = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            var open = attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                    || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
            var owner = (Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            return attributes.isDirectory() && owner == uid() && !open;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** All manifests of platforms that live, or whose rings lie in files; by identity, the youngest first. */
    static List<Found> read(Path root) {
        var all = new ArrayList<Found>();
        if (Files.exists(root) && !isOurs(root)) {
            throw new RingException(root + " is not a folder that only you may write; set MIMIR_MANIFESTS to yours");
        }
        for (var instance : foldersIn(root)) {
            for (var file : filesIn(instance)) {
                if (file.toString().endsWith(SUFFIX)) {
                    read(all, file);
                }
            }
        }
        all.sort(Comparator.comparing((Found found) -> found.manifest().identity())
                .thenComparing(found -> -found.manifest().writer().startTicks()));
        return all;
    }

    private static void read(List<Found> all, Path file) {
        load(file).ifPresent(manifest -> {
            if (manifest.holder().alive() || manifest.file() != null && Files.exists(manifest.file())) {
                all.add(new Found(file, manifest));
            }
        });
    }

    /** What stands in a file, if it is still there and a sound manifest. */
    static Optional<RingManifest> load(Path file) {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            var text = new String(in.readNBytes(RingManifest.MOST_BYTES), StandardCharsets.UTF_8);
            return Optional.of(RingManifest.parse(text));
        } catch (IOException | RingException goneOrForeign) {
            return Optional.empty(); // its platform may stop at this very moment
        }
    }

    /** Removes what platforms left that were ended hard, the files of their rings too. */
    static void removeLeftovers(Path root) {
        if (!isOurs(root)) {
            return; // nothing of ours can be there; who publishes there is told so
        }
        for (var instance : foldersIn(root)) {
            if (!ownerOf(instance).alive()) {
                for (var file : filesIn(instance)) {
                    load(file).map(RingManifest::file).ifPresent(RingFiles::removeIfLeftOver);
                }
                deleteFolder(instance);
            }
        }
    }

    private static ProcessMark ownerOf(Path instance) {
        var parts = instance.getFileName().toString().split("\\.");
        return new ProcessMark(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    }

    private static List<Path> foldersIn(Path root) {
        return filesIn(root).stream().filter(file -> file.getFileName().toString().matches("\\d+\\.\\d+\\.\\d+"))
                .toList();
    }

    private static List<Path> filesIn(Path folder) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (NoSuchFileException gone) {
            return List.of(); // another platform cleaned up
        } catch (IOException unreadable) {
            throw new RingException(folder + " cannot be read: " + unreadable.getMessage());
        }
    }

    static boolean isEmpty(Path folder) {
        return filesIn(folder).isEmpty();
    }

    static void deleteFolder(Path folder) {
        filesIn(folder).forEach(Manifests::delete);
        delete(folder);
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (DirectoryNotEmptyException inUse) {
            return; // another platform began there just now
        } catch (IOException refused) {
            throw new RingException(file + " cannot be removed (" + refused.getMessage() + "); remove it by hand");
        }
    }
}
