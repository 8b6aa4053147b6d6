// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the instances of one user know each other by name: {@code mimir} in {@code XDG_RUNTIME_DIR} if that is the
 * user's own, else {@code mimir-UID} in the temporary folder. Nobody else may write there, or he could pass for an
 * instance and be given commands.
 *
 * <p>Threads: immutable.
 *
 * @param path no link, owned by this user and writable by nobody else
 */
record RuntimeFolder(Path path) {
    /** The folder, made where it is missing. */
    static RuntimeFolder make(Map<String, String> environment) throws LaunchException {
        var path = usual(environment);
        try {
            var real = PrivateFolder.make(path);
            requireNoLink(path);
            return new RuntimeFolder(real);
        } catch (IOException e) {
            throw new LaunchException("Mimir's folder of running instances cannot be made (" + Console.oneLine(e
                .toString()) + "): set XDG_RUNTIME_DIR or TMPDIR to a folder that you may write to.");
        }
    }

    /** The folder if there is one; nothing is made. */
    static Optional<RuntimeFolder> existing(Map<String, String> environment) throws LaunchException {
        return Files.exists(usual(environment), LinkOption.NOFOLLOW_LINKS) ? Optional.of(make(environment))
            : Optional.empty();
    }

    private static void requireNoLink(Path path) throws LaunchException {
        if (Files.isSymbolicLink(path)) {
            throw new LaunchException(path + " is a link, which somebody may have laid there: remove it.");
        }
    }

    /** Where it is looked for; it need not be there. */
    static Path usual(Map<String, String> environment) {
        var runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isEmpty() && isOwnFolder(Path.of(runtime))) {
            return Path.of(runtime, "mimir");
        }
        var temporary = environment.getOrDefault("TMPDIR", "");
        return Path.of(temporary.isEmpty() ? System.getProperty("java.io.tmpdir") : temporary)
            .toAbsolutePath().resolve("mimir-" + PrivateFolder.uid());
    }

    /** Who became another user keeps the variables of the one before. */
    private static boolean isOwnFolder(Path folder) {
        try {
            return Files.isDirectory(folder) && PrivateFolder.isOwn(folder.toRealPath());
        } catch (IOException unreachable) {
            return false;
        }
    }

    Path lock(String name) {
        return path.resolve(name + Instance.LOCK);
    }

    Path socket(String name) {
        return path.resolve(name + ".sock");
    }

    /** Those that run now, by name. What a killed one left is not among them. Blocks. */
    List<Instance.Card> running() throws IOException {
        var running = new ArrayList<Instance.Card>();
        try (var files = Files.newDirectoryStream(path, "*" + Instance.LOCK)) {
            for (var file : files) {
                Instance.card(file).ifPresent(running::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        running.sort((one, other) -> one.name().compareTo(other.name()));
        return running;
    }
}
