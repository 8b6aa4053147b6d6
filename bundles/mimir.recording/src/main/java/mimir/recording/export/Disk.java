// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where files are made; a test stands in for it to refuse. Thread-safe. */
interface Disk {
    /** Nobody else reads what was captured. */
    Set<PosixFilePermission> MINE = PosixFilePermissions.fromString("rw-------");

    /** The file system. */
    Disk REAL = new Disk() {
        @Override
        public SeekableByteChannel create(Path file) throws IOException {
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                return FileChannel.open(file, options);
            }
            return FileChannel.open(file, options, PosixFilePermissions.asFileAttribute(MINE));
        }

        @Override
        public SeekableByteChannel straight(Path file) {
            try {
                boolean fits = Blocks.ALIGNMENT % Files.getFileStore(file).getBlockSize() == 0;
                return fits ? tried(FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS,
                        ExtendedOpenOption.DIRECT)) : null;
            } catch (IOException | UnsupportedOperationException cannot) {
                return null; // some file systems live in that memory, or want larger blocks
            }
        }

        /** Some file systems say only when something is written that they cannot. */
        private FileChannel tried(FileChannel channel) throws IOException {
            try {
                channel.write(ByteBuffer.allocateDirect(2 * Blocks.ALIGNMENT).alignedSlice(Blocks.ALIGNMENT)
                        .limit(Blocks.ALIGNMENT), 0);
                return channel.truncate(0);
            } catch (IOException cannot) {
                try (channel) {
                    throw cannot;
                }
            }
        }

        @Override
        public long usableBytes(Path folder) throws IOException {
            return Files.getFileStore(folder).getUsableSpace();
        }
    };

    /** Makes a file that nobody else may read. */
    SeekableByteChannel create(Path file) throws IOException;

    /**
     * A file that was made, past the memory of the system, for whole {@link Blocks}; null where that cannot be. Pages
     * that nobody reads again cost more time than the disk, and what others wanted to keep in that memory.
     */
    default SeekableByteChannel straight(Path file) {
        return null;
    }

    /** Bytes that may be written to a folder. */
    long usableBytes(Path folder) throws IOException;
}
