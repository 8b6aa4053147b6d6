// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Remembers, in a file of its own for each export, which unfinished files there are, so that the next start takes away
 * what a killed process has left. The file is locked as long as its process lives. Confined.
 */
final class Unfinished implements AutoCloseable {
    private static final String FOLDER = "exports";
    private static final String PART = ".part";
    private static final int MOST_BYTES = 1 << 20;

    private final Path note;
    private FileChannel channel; // null where nothing can be remembered: then it is not

    private Unfinished(Path note, FileChannel channel) {
        this.note = note;
        this.channel = channel;
    }

    /** Begins a note. @param state the folder of what is kept; null where there is none */
    static Unfinished begin(Path state) {
        if (state == null) {
            return new Unfinished(null, null);
        }
        try {
            Files.createDirectories(state.resolve(FOLDER));
            var note = Files.createTempFile(state.resolve(FOLDER), "export-", "");
            var channel = FileChannel.open(note, StandardOpenOption.WRITE);
            channel.lock();
            return new Unfinished(note, channel);
        } catch (IOException refused) {
            return new Unfinished(null, null); // what is kept has no room: no reason not to export
        }
    }

    /** A file of this name is about to be made. */
    void add(Path part) {
        try {
            if (channel != null) {
                channel.write(ByteBuffer.wrap((part.toAbsolutePath() + "\n").getBytes(StandardCharsets.UTF_8)));
            }
        } catch (IOException refused) {
            close();
        }
    }

    /** None of them is left. */
    @Override
    public void close() {
        try (var closing = channel) {
            channel = null;
            if (closing != null) {
                Files.deleteIfExists(note);
            }
        } catch (IOException stays) {
            channel = null; // the next start finds it, and none of its files
        }
    }

    /** Takes away what killed processes have left. Returns the files that are gone now. */
    static List<Path> cleanUp(Path state) throws IOException {
        var gone = new ArrayList<Path>();
        var folder = state == null ? null : state.resolve(FOLDER);
        if (folder != null && Files.isDirectory(folder)) {
            try (var notes = Files.newDirectoryStream(folder, "export-*")) {
                for (var note : notes) {
                    cleanUp(note, gone);
                }
            }
        }
        return gone;
    }

    private static void cleanUp(Path note, List<Path> gone) throws IOException {
        try (var channel = FileChannel.open(note, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock == null || channel.size() > MOST_BYTES) {
                return; // its process lives, or it is none of ours
            }
            for (var line : Files.readAllLines(note)) {
                var part = Path.of(line);
                var name = part.getFileName() == null ? "" : part.getFileName().toString();
                if (name.startsWith(".") && name.endsWith(PART) && Files.deleteIfExists(part)) {
                    gone.add(part);
                }
            }
            Files.deleteIfExists(note);
        } catch (OverlappingFileLockException own) {
            return;
        }
    }
}
