// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import mimir.api.source.DeviceIdentity;

/**
 * The aliases that are kept from run to run, in {@code aliases.json} of the state folder; in memory where there is
 * none. Several instances may share the folder: each change is made to what the file holds, under a lock, and each look
 * sees what others changed. Thread-safe; touches the disk.
 */
final class AliasFile {
    private static final String SCHEMA = "mimir.aliases";
    private static final String VERSION = "1.0";

    private final Path folder;
    private Map<String, Present> known = Map.of(); // guarded by this; where there is no file

    /** In a folder that exists and belongs to the user; null: in memory. */
    AliasFile(Path folder) {
        this.folder = folder;
    }

    private Path file() {
        return folder.resolve("aliases.json");
    }

    /**
     * Each alias with what its device told when it was given; in order of the names.
     *
     * @throws IllegalStateException when the file is damaged; one sentence
     */
    synchronized Map<String, Present> all() {
        if (folder == null) {
            return known;
        }
        try { // each time: two changes may have the same time of modification
            return Files.exists(file()) ? read() : Map.of();
        } catch (IOException unreadable) {
            throw failure(unreadable);
        }
    }

    /**
     * Changes what is kept, wholly or not at all.
     *
     * @throws IllegalStateException when the file is damaged or the disk refuses; one sentence
     */
    synchronized void change(Consumer<Map<String, Present>> change) {
        if (folder == null) {
            known = changed(known, change);
            return;
        }
        try (var lock = FileChannel.open(folder.resolve("aliases.lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), privately())) {
            lock.lock(); // given back with the channel
            write(changed(all(), change));
        } catch (IOException refused) {
            throw new IllegalStateException("the aliases in " + file() + " cannot be written (" + refused.getMessage()
                    + "): make room there or correct the folder's permissions", refused);
        }
    }

    private static Map<String, Present> changed(Map<String, Present> from, Consumer<Map<String, Present>> change) {
        var next = new TreeMap<>(from);
        change.accept(next);
        return next;
    }

    private IllegalStateException failure(IOException cause) {
        return new IllegalStateException("the aliases in " + file() + " cannot be used (" + cause.getMessage()
                + "): correct the file or remove it", cause);
    }

    private Map<String, Present> read() throws IOException {
        var tree = JSON.std.mapFrom(Files.readString(file()));
        if (!SCHEMA.equals(tree.get("schema")) || !VERSION.equals(tree.get("version"))
                || !(tree.get("aliases") instanceof List<?> list)) {
            throw new IOException("it is not of schema " + SCHEMA + " " + VERSION);
        }
        var read = new TreeMap<String, Present>();
        for (var one : list) {
            if (!(one instanceof Map<?, ?> alias) || !(alias.get("name") instanceof String name)
                    || !(alias.get("source") instanceof String source)) {
                throw new IOException("an alias in it lacks name or source");
            }
            read.put(name, new Present(source, "", new DeviceIdentity(text(alias, "model"), text(alias, "serial"),
                    text(alias, "path"))));
        }
        return read;
    }

    private static String text(Map<?, ?> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }

    private void write(Map<String, Present> all) throws IOException {
        var list = new ArrayList<Map<String, Object>>();
        all.forEach((name, device) -> {
            var alias = new LinkedHashMap<String, Object>();
            alias.put("name", name);
            alias.put("source", device.id());
            alias.put("model", device.identity().model());
            alias.put("serial", device.identity().serial());
            alias.put("path", device.identity().path());
            list.add(alias);
        });
        var tree = new LinkedHashMap<String, Object>();
        tree.put("schema", SCHEMA);
        tree.put("version", VERSION);
        tree.put("aliases", list);
        var beside = folder.resolve(".aliases." + ProcessHandle.current().pid() + ".part");
        try {
            Files.deleteIfExists(beside);
            Files.createFile(beside, privately());
            Files.writeString(beside, JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(tree) + "\n");
            Files.move(beside, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private FileAttribute<?>[] privately() {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];
    }
}
