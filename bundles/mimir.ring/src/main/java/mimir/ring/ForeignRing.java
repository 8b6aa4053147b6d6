// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ring of a source in another process, read in place through a mapping that the system lets nobody write. Readers
 * are those of the process itself: same profiles, same account, same following through epochs and successors. When the
 * writing process dies they drain what it had committed and then say {@link Ending#WRITER_GONE}, within 100 ms.
 *
 * <p>The ring owns its mapping together with its readers: closing it while readers are open is allowed, and the last
 * one to close gives the memory back. Thread-safe.
 */
public final class ForeignRing extends RingHome implements AutoCloseable {
    private static final long LOOK_NS = 2_000_000;

    private final Path manifestFile;
    private final String identity;
    private final List<RingReader> readers = new CopyOnWriteArrayList<>();
    private RingManifest manifest; // guarded by this
    private ForeignRegion region;  // guarded by this; null when closed
    private long lookedNs = System.nanoTime() - LOOK_NS; // guarded by this

    ForeignRing(Manifests.Found found) {
        manifestFile = found.file();
        manifest = found.manifest();
        identity = manifest.identity();
        region = attach(manifest);
    }

    /** A look at a ring without keeping it; empty when it vanished meanwhile. */
    static Optional<RingStats> glance(Manifests.Found found) {
        try (var ring = new ForeignRing(found)) {
            return Optional.of(ring.stats());
        } catch (RingException vanished) {
            return Optional.empty();
        }
    }

    private ForeignRegion attach(RingManifest from) {
        var watch = new WriterWatch(from.writer());
        MappedMemory memory = null;
        MappedMemory hints = null;
        int fd = -1;
        try {
            fd = openRegion(from);
            long bytes = Posix.size(fd);
            requireAlike(bytes >= Abi.HEADER_BYTES);
            memory = MappedMemory.sharedReadOnly(bytes, fd);
            var geometry = Geometry.read(memory.segment());
            requireAlike(Abi.getLong(memory.segment(), Abi.H_REGION_ID) == from.regionId());
            hints = openHints(from);
            boolean sealed = Posix.isSealed(fd);
            var attached = new ForeignRegion(this, geometry, memory, hints, sealed ? -1 : fd, watch);
            if (sealed) {
                Posix.close(fd); // the mapping holds it, and nobody can cut it
            }
            return attached;
        } catch (RingException | IllegalStateException e) {
            undo(watch, memory, hints, fd);
            throw e;
        } catch (InternalError pageIsGone) {
            undo(watch, memory, hints, fd);
            throw wasCut();
        }
    }

    private static void undo(WriterWatch watch, MappedMemory memory, MappedMemory hints, int fd) {
        watch.close();
        if (memory != null) {
            memory.close();
        }
        if (hints != null) {
            hints.close();
        }
        if (fd >= 0) {
            Posix.close(fd);
        }
    }

    private RingException wasCut() {
        return new RingException("the ring of " + identity
                + " was cut while it was read; its source has ended, look for it again later");
    }

    private int openRegion(RingManifest from) {
        var path = from.file() != null ? from.file() : descriptor(from.holder(), from.regionFd());
        var opened = Posix.openExisting(path.toString(), false);
        if (opened.failed()) {
            throw new RingException(from.holder().alive()
                    ? "the ring of " + identity + " cannot be opened (" + path + ", error " + opened.errno()
                            + "); read it as the user who runs the platform"
                    : "process " + from.holder().pid() + ", which held the ring of " + identity
                            + ", is gone and its memory with it; start a platform first, such as ./mimir run");
        }
        return (int) opened.value();
    }

    /** Where no hints page can be had, as after the writer's death, a private one takes its place: nobody will ring. */
    private static MappedMemory openHints(RingManifest from) {
        var opened = Posix.openExisting(descriptor(from.holder(), from.hintsFd()).toString(), true);
        if (opened.failed()) {
            return MappedMemory.anonymous(Abi.HINTS_BYTES);
        }
        int fd = (int) opened.value();
        try {
            if (Posix.size(fd) < Abi.HINTS_BYTES) {
                return MappedMemory.anonymous(Abi.HINTS_BYTES);
            }
            var hints = MappedMemory.shared(Abi.HINTS_BYTES, fd);
            boolean alike = Abi.getLong(hints.segment(), Abi.W_MAGIC) == Abi.HINTS_MAGIC
                    && Abi.getLong(hints.segment(), Abi.W_REGION_ID) == from.regionId();
            if (!alike) {
                hints.close();
            }
            return alike ? hints : MappedMemory.anonymous(Abi.HINTS_BYTES);
        } finally {
            Posix.close(fd);
        }
    }

    private static Path descriptor(ProcessMark holder, int fd) {
        return Path.of("/proc", Long.toString(holder.pid()), "fd", Integer.toString(fd));
    }

    private void requireAlike(boolean alike) {
        if (!alike) {
            throw new RingException("the ring of " + identity
                    + " is no longer where its manifest says; look again, its source may have moved on");
        }
    }

    /** Name of the source. */
    @Override
    public String identity() {
        return identity;
    }

    /** Process that writes, for people; it may be gone. */
    public synchronized long writerPid() {
        return current().writer().pid();
    }

    /** True once the writing process is known to be dead; asks the system at most every 10 ms. */
    public synchronized boolean writerGone() {
        return current().look();
    }

    /** True when times of items compare with {@link HostClock#nowNs} here: same machine, same boot, same clock. */
    public synchronized boolean sameHostClock() {
        return hostClockId() == HostClock.id();
    }

    /** The clock that {@link Descriptor#hostTimeNs} is by here; nobody in this process maps another one to its own. */
    public synchronized long hostClockId() {
        return current().hostClockId;
    }

    /**
     * How many hand-overs an item takes from the writer to a reader here: 1, for nobody stands between; the reader
     * looks at the very bytes that the writer wrote.
     */
    public int hops() {
        return 1;
    }

    /** Opens a reader that waits at the doorbell. Any thread; allocates. The caller closes it. */
    public RingReader reader(String name, Profile profile, Start start) {
        return reader(name, profile, start, Waiting.DOORBELL);
    }

    /** Opens a reader. Any thread; allocates. The caller closes it. */
    public synchronized RingReader reader(String name, Profile profile, Start start, Waiting waiting) {
        var from = current();
        from.retain();
        var reader = opened(from, () -> new RingReader(this, from, name, profile, start, waiting));
        readers.add(reader);
        return reader;
    }

    /** Entry {@code formatId} of the current region's table, or null when there is none. Allocates. */
    public synchronized RingFormat format(int formatId) {
        var formats = current().formats();
        return formatId >= 1 && formatId <= formats.size() ? formats.get(formatId - 1) : null;
    }

    /**
     * A snapshot for people and reports; allocates. Counts are those of the current region, the readers those of this
     * process, and {@link RingStats#owner} names the bundle and the process.
     */
    public synchronized RingStats stats() {
        try {
            return read(current());
        } catch (InternalError pageIsGone) {
            throw wasCut();
        }
    }

    private RingStats read(ForeignRegion now) {
        if (!now.whole()) {
            throw wasCut();
        }
        var memory = now.memory;
        return new RingStats(identity, Abi.getInt(memory, Abi.H_ITEM_KIND), now.state(),
                manifest.owner() + " in process " + now.writer().pid(), Abi.getInt(memory, Abi.H_EPOCH), now.id,
                now.geometry.slotCount(), now.geometry.payloadStride(), now.geometry.regionBytes(),
                (long) Abi.LONG.getAcquire(memory, Abi.H_HEAD),
                (long) Abi.LONG.getOpaque(memory, Abi.H_PAYLOAD_WRITTEN),
                (long) Abi.LONG.getOpaque(memory, Abi.H_PAYLOAD_COPIED),
                (long) Abi.LONG.getOpaque(memory, Abi.H_WOKEN), (long) Abi.LONG.getOpaque(memory, Abi.H_EVICTED),
                (long) Abi.LONG.getOpaque(memory, Abi.H_LAST_COMMIT_NS),
                drops(now), now.formats(), readers.stream().map(RingReader::stats).toList());
    }

    private static Map<DropReason, Long> drops(Region now) {
        var drops = new EnumMap<DropReason, Long>(DropReason.class);
        for (var reason : DropReason.values()) {
            long items = reason.ordinal() < DropReason.AT_SOURCE
                    ? (long) Abi.LONG.getOpaque(now.memory, Abi.H_DROPS + 8L * reason.ordinal()) : 0;
            if (items > 0) {
                drops.put(reason, items);
            }
        }
        return drops;
    }

    /** The newest region that is known here. */
    private ForeignRegion current() {
        if (region == null) {
            throw new IllegalStateException("the ring of " + identity + " was closed");
        }
        while (region.successor() instanceof ForeignRegion next) {
            next.retain();
            region.release();
            region = next;
        }
        return region;
    }

    /** Follows by the manifest of the same source; null as long as it is not there yet. */
    synchronized Region attachSuccessor(ForeignRegion former) {
        if (former.knownSuccessor() != null || System.nanoTime() - lookedNs < LOOK_NS) {
            return former.knownSuccessor();
        }
        lookedNs = System.nanoTime();
        var now = Manifests.load(manifestFile).filter(read -> read.regionId() != former.id);
        if (now.isEmpty()) {
            return null;
        }
        try {
            var next = attach(now.get());
            manifest = now.get();
            former.succeededByForeign(next);
            return next;
        } catch (RingException movedOn) {
            return null; // it was replaced again between two looks; the next one finds the newest
        }
    }

    /** A host process that died may have been replaced: the platform then says so in the manifest. */
    synchronized void lookForAnotherWriter(ForeignRegion orphan) {
        Manifests.load(manifestFile)
                .filter(read -> read.regionId() == orphan.id && !read.writer().equals(orphan.writer()))
                .ifPresent(read -> {
                    manifest = read;
                    orphan.writtenBy(new WriterWatch(read.writer()));
                });
    }

    @Override
    void forget(RingReader reader) {
        readers.remove(reader);
    }

    /** Wakes the readers of this process that sleep on this ring, and perhaps others for a moment. */
    @Override
    public synchronized void wake() {
        if (region != null) {
            region.ring();
        }
    }

    /** Lets the region go; readers that are open keep theirs. */
    @Override
    public synchronized void close() {
        if (region != null) {
            region.release();
            region = null;
        }
    }
}
