// SPDX-License-Identifier: Apache-2.0
package mimir.recording.snapshot;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import mimir.api.BadInputException;
import mimir.api.recording.Snapshots;
import mimir.ring.Abi;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingException;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.Rings;
import mimir.ring.Start;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Codes and writes on the caller's thread; of capture it needs one copy of one frame. Thread-safe. */
@Component
public final class FrameSnapshots implements Snapshots {
    private static final long PATIENCE_NS = 2_000_000_000L;

    private final Rings rings;

    /** Of the rings of the platform. */
    @Activate
    public FrameSnapshots(@Reference Rings rings) {
        this.rings = rings;
    }

    /** A frame that stays. Immutable. */
    private record Copy(MemorySegment memory, RingFormat format, int width, int height, int epoch, long sequence) {
    }

    @Override
    public Snapshot take(String source, Path file) {
        var folder = file.toAbsolutePath().getParent();
        if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png") || file.getFileName().toString().length() < 5) {
            throw new BadInputException(file + " cannot be a picture: give a name that ends in .png");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new BadInputException(file + " cannot be written: " + folder + " is not a folder; make it first");
        }
        if (Files.isDirectory(file)) {
            throw new BadInputException(file + " is a folder; name a file in it");
        }
        try (var arena = Arena.ofConfined()) {
            var frame = newest(source, arena);
            long bytes = write(file, picture(source, frame));
            return new Snapshot(source, file, frame.epoch(), frame.sequence(), frame.width(), frame.height(), bytes);
        } catch (IOException refused) {
            throw new UncheckedIOException(file + " cannot be written (" + (refused instanceof AccessDeniedException
                    ? "permission denied" : refused.getMessage())
                    + "): free some space or check its permissions", refused);
        }
    }

    private static BufferedImage picture(String source, Copy frame) {
        try {
            return new Rgb(frame.memory(), frame.format(), frame.width(), frame.height()).image();
        } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
            throw new IllegalStateException("a frame of " + source + " is of a format that cannot be shown ("
                    + unknown.getMessage() + ")", unknown);
        }
    }

    private Copy newest(String source, Arena arena) {
        var ring = rings.find(source).orElseThrow(() -> new BadInputException("there is no source '" + source + "'"));
        try {
            if (ring.stats().itemKind() != Abi.ITEM_FRAME) {
                throw new BadInputException(source + " sends no frames; snapshots are of cameras");
            }
            return newest(ring, arena);
        } catch (RingException noMemory) {
            throw new IllegalStateException(noMemory.getMessage(), noMemory);
        }
    }

    private static Copy newest(Ring ring, Arena arena) {
        try (var reader = ring.reader("snapshot", Profile.LATEST, Start.OLDEST)) {
            long deadline = System.nanoTime() + PATIENCE_NS;
            while (true) {
                var copy = copy(reader, arena);
                long left = deadline - System.nanoTime();
                if (copy != null) {
                    return copy;
                }
                if (left <= 0 || reader.ended()) {
                    throw new IllegalStateException(ring.identity() + " sent no frame within "
                            + PATIENCE_NS / 1_000_000_000 + " s; sources tells how it does");
                }
                reader.await(left);
            }
        }
    }

    /** Null when there is none, or it was overwritten meanwhile. */
    private static Copy copy(RingReader reader, Arena arena) {
        Lease lease = reader.next();
        if (lease == null) {
            return null;
        }
        var item = lease.descriptor();
        if (item.payloadKind() != Abi.PAYLOAD_MEMORY) {
            lease.release();
            throw new IllegalStateException("the frames of " + reader.source() + " lie outside of its ring, in the"
                    + " memory of a device; no snapshot can be taken of them");
        }
        var memory = arena.allocate(lease.length(), 64);
        lease.copyOut(memory, 0);
        var copy = new Copy(memory, lease.format(), item.width(), item.height(), item.epoch(), item.sequence());
        return lease.release() ? copy : null;
    }

    private static long write(Path file, BufferedImage image) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", stream)) {
                throw new IOException("this Java writes no PNG");
            }
        }
        var beside = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.write(beside, bytes.toByteArray());
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
        return bytes.size();
    }
}
