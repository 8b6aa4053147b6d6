// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What the system gives for one region and its hints page: descriptors, mappings and the name of a file. Made as a
 * whole or not at all; whoever counts the references of the region gives it back, once. Confined until it is published.
 */
final class RegionMemory {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    /** Of the region itself; null for memory without a name. */
    final Path file;
    private int fd = -1;
    private int hintsFd = -1;
    private MappedMemory region;
    private MappedMemory hints;

    private RegionMemory(Path file) {
        this.file = file;
    }

    /** Memory that another process made; {@code fd} is -1 when nobody can cut it. */
    static RegionMemory foreign(MappedMemory region, MappedMemory hints, int fd) {
        var memory = new RegionMemory(null);
        memory.region = region;
        memory.hints = hints;
        memory.fd = fd;
        return memory;
    }

    /**
     * New memory, hardly a page of it present: sealed, or in a file of {@code directory} where that is given. Control
     * thread.
     *
     * @throws RingException when the system refuses; nothing is left behind
     */
    static RegionMemory create(String identity, long id, long bytes, Path directory) {
        var memory = new RegionMemory(directory == null ? null : directory.resolve(RingFiles.name(identity, id)));
        try {
            memory.open(identity, bytes);
            return memory;
        } catch (RingException refused) {
            if (memory.fd >= 0) { // else the name is somebody else's
                memory.deleteFile();
            }
            memory.free();
            throw refused;
        }
    }

    private void open(String identity, long bytes) {
        if (file == null) {
            fd = memfd("mimir:" + identity);
            size(fd, identity, bytes);
        } else {
            openFile(identity, bytes);
        }
        hintsFd = memfd("mimir:" + identity + ".hints");
        size(hintsFd, identity, Abi.HINTS_BYTES);
        region = MappedMemory.shared(bytes, fd);
        hints = MappedMemory.shared(Abi.HINTS_BYTES, hintsFd);
    }

    private void openFile(String identity, long bytes) {
        var opened = Posix.createFile(file.toString());
        if (opened.failed()) {
            throw new RingException("rings.dir " + file.getParent() + " cannot be written (error " + opened.errno()
                    + "); name a directory of yours or leave rings.dir out");
        }
        fd = (int) opened.value();
        Posix.lockShared(fd); // who cleans up after the dead leaves a locked file alone
        int reserved = Posix.reserve(fd, bytes);
        if (reserved != 0) {
            throw new RingException("rings.dir " + file.getParent() + " has no room for the ring of " + identity + " ("
                    + Bytes.text(bytes) + (reserved == Posix.ENOSPC ? "" : ", error " + reserved)
                    + "); free space there, name another directory or leave rings.dir out");
        }
    }

    private static int memfd(String name) {
        var created = Posix.memfd(name);
        if (created.failed()) {
            throw new RingException("no shared memory for " + name + " (memfd_create, error " + created.errno() + ")");
        }
        return (int) created.value();
    }

    private static void size(int fd, String identity, long bytes) {
        if (Posix.ftruncate(fd, bytes).failed() || Posix.sealSize(fd).failed()) {
            throw new RingException("no shared memory of " + Bytes.text(bytes) + " for the ring of " + identity
                    + "; free memory first");
        }
    }

    MappedMemory region() {
        return region;
    }

    MappedMemory hints() {
        return hints;
    }

    int fd() {
        return fd;
    }

    int hintsFd() {
        return hintsFd;
    }

    /** Removes the name of a file-backed region; who has it mapped keeps it. */
    void deleteFile() {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException refused) {
                throw new UncheckedIOException("the ring file " + file + " cannot be removed; remove it by hand",
                        refused);
            }
        }
    }

    /**
     * Gives everything back. Waits a second at most for somebody who is just handing the memory to the system, as only
     * who keeps items of a ring can; a mapping that is in use for longer stays until the process ends.
     */
    void free() {
        close(region);
        close(hints);
        close(fd);
        close(hintsFd);
    }

    private static void close(MappedMemory mapping) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        boolean more = mapping != null;
        while (more) {
            try {
                mapping.close();
                more = false;
            } catch (IllegalStateException inUse) {
                more = System.nanoTime() < deadline;
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static void close(int descriptor) {
        if (descriptor >= 0) {
            Posix.close(descriptor);
        }
    }
}
