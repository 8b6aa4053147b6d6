// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/**
 * The memory of one ring and its hints page: made, counted and given back here and nowhere else. Whoever uses the
 * memory holds a reference; the last release unmaps it. A parked region is never released by its owner. Thread-safe.
 */
sealed class Region permits ForeignRegion {
    private static final SecureRandom IDS = new SecureRandom();

    final Geometry geometry;
    final MemorySegment memory;
    final MemorySegment hints;
    /** Where readers of this process mark themselves, at the offsets of the hints page; theirs while {@link #near}. */
    final MemorySegment nearHints;
    final long id;
    /** False when times of its items are by another host's clock. */
    final boolean ofThisHost;
    private final RegionMemory backing;
    private final AtomicInteger references = new AtomicInteger(1);
    private volatile Region successor;
    private volatile boolean cut;
    /** The clock that times of items are by. */
    final long hostClockId;
    private volatile boolean near;
    private volatile boolean deep;
    private volatile long present; // multiple of a huge page, or all
    private AtomicReference<HostMap> hostMap = new AtomicReference<>(); // replaced before anybody sees the region

    /** A region that another process made. */
    Region(Geometry geometry, RegionMemory backing) {
        this.geometry = geometry;
        this.backing = backing;
        memory = backing.region().segment();
        hints = backing.hints().segment();
        nearHints = hints;
        id = Abi.getLong(memory, Abi.H_REGION_ID);
        hostClockId = Abi.getLong(memory, Abi.H_HOST_CLOCK_ID);
        ofThisHost = true; // who reads another process's region asks hostClockId
    }

    private Region(RingSpec spec, int slots, int sourceId, Path directory) {
        geometry = Geometry.of(slots, spec.payloadBytes());
        id = IDS.nextLong() | 1;
        boolean onFile = directory != null && spec.writer() == RingSpec.Writer.JAVA;
        backing = RegionMemory.create(spec.identity(), id, geometry.regionBytes(), onFile ? directory : null);
        memory = backing.region().segment();
        hints = backing.hints().segment();
        nearHints = Arena.ofAuto().allocate(Abi.W_ROOM, 64);
        hostClockId = spec.hostClockId();
        ofThisHost = hostClockId == HostClock.id();
        writeHeader(spec, sourceId, onFile ? Abi.BACKING_FILE : Abi.BACKING_MEMFD);
    }

    /**
     * A new region. Control thread; blocks while its pages are made.
     *
     * @param present slots whose pages are there when it returns, and all if it lies in a file; for others see
     * {@link #makePages}
     * @throws RingException when the system refuses; nothing is left behind
     */
    static Region create(RingSpec spec, int slots, int present, int sourceId, Path directory) {
        var region = new Region(spec, slots, sourceId, directory);
        boolean whole = present >= slots || region.truncatable();
        try {
            region.makePages(whole ? region.geometry.regionBytes() : region.geometry.payload(present));
        } catch (RingException noMemory) {
            region.release();
            throw noMemory;
        }
        return region;
    }

    /** Makes the next pages present, whole huge ones. False when all are. Control thread; blocks so long. */
    synchronized boolean makePages(long bytes) {
        long all = geometry.regionBytes();
        long step = Math.min(all - present, Bytes.alignUp(bytes, MappedMemory.HUGE_PAGE));
        if (step > 0) {
            backing.region().populateLarge(present, step);
            present += step;
        }
        return present < all;
    }

    /** Bytes from its begin on whose pages were made. */
    long present() {
        return present;
    }

    private void writeHeader(RingSpec spec, int sourceId, int backing) {
        Abi.putInt(memory, Abi.H_HEADER_BYTES, Abi.HEADER_BYTES);
        memory.set(Abi.LE_SHORT, Abi.H_ABI_MAJOR, (short) Abi.MAJOR);
        memory.set(Abi.LE_SHORT, Abi.H_ABI_MINOR, (short) Abi.MINOR);
        Abi.putLong(memory, Abi.H_REGION_BYTES, geometry.regionBytes());
        Abi.putLong(memory, Abi.H_REGION_ID, id);
        Abi.putLong(memory, Abi.H_HOST_CLOCK_ID, spec.hostClockId());
        Abi.putInt(memory, Abi.H_SOURCE_ID, sourceId);
        Abi.putInt(memory, Abi.H_ITEM_KIND, spec.itemKind());
        Abi.putInt(memory, Abi.H_SLOT_COUNT, geometry.slotCount());
        Abi.putInt(memory, Abi.H_SLOT_BYTES, geometry.slotBytes());
        Abi.putLong(memory, Abi.H_SLOTS_OFFSET, geometry.slotsOffset());
        Abi.putLong(memory, Abi.H_PAYLOAD_OFFSET, geometry.payloadOffset());
        Abi.putLong(memory, Abi.H_PAYLOAD_STRIDE, geometry.payloadStride());
        Abi.putInt(memory, Abi.H_FORMAT_OFFSET, Abi.HEADER_BYTES);
        Abi.putInt(memory, Abi.H_FORMAT_CAPACITY, geometry.formatCapacity());
        Abi.putInt(memory, Abi.H_FORMAT_BYTES, Abi.FORMAT_BYTES);
        Abi.putInt(memory, Abi.H_BACKING, backing);
        Abi.putLong(memory, Abi.H_CREATED_NS, HostClock.nowNs());
        byte[] name = spec.identity().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < name.length; i++) {
            memory.set(ValueLayout.JAVA_BYTE, Abi.H_NAME + i, name[i]);
        }
        Abi.putLong(hints, Abi.W_REGION_ID, id);
        Abi.putLong(hints, Abi.W_MAGIC, Abi.HINTS_MAGIC);
        Abi.LONG.setRelease(memory, Abi.H_MAGIC, Abi.MAGIC);
    }

    /**
     * Adds a format, or finds the same one; returns its id. Called by the owner of the identity only. -1 when the table
     * is full.
     */
    int formatId(RingFormat format) {
        int count = Abi.getInt(memory, Abi.H_FORMAT_COUNT);
        int known = formats().indexOf(format);
        if (known >= 0) {
            return known + 1;
        }
        if (count >= geometry.formatCapacity()) {
            return -1;
        }
        format.write(memory, geometry.format(count), count + 1);
        Abi.INT.setRelease(memory, Abi.H_FORMAT_COUNT, count + 1);
        return count + 1;
    }

    /**
     * The table as it is now: a copy.
     *
     * @throws RingException when an entry is none
     */
    List<RingFormat> formats() {
        int count = Math.clamp((int) Abi.INT.getAcquire(memory, Abi.H_FORMAT_COUNT), 0, geometry.formatCapacity());
        return IntStream.range(0, count).mapToObj(i -> RingFormat.read(memory, geometry.format(i), i + 1))
                .toList();
    }

    /** What is known of another host's clock: from here on {@link #here} follows it. */
    void hostMap(HostMap map) {
        hostMap.set(map);
    }

    /** Takes over the region of another incarnation: what is known of its clock, if it is the same, is known here. */
    void inheritHostMap(Region former) {
        if (former.hostClockId == hostClockId) {
            hostMap = former.hostMap; // shared, for readers may still be in the former one
        }
    }

    /**
     * The host time of an item, by the clock of this host. As long as nothing is known of the writer's clock, its
     * newest commit is taken for one of just now. Does not lock; allocates that once.
     */
    long here(long otherNs) {
        var map = hostMap.get();
        if (map == null) {
            long newest = Math.max(otherNs, (long) Abi.LONG.getOpaque(memory, Abi.H_LAST_COMMIT_NS));
            hostMap.compareAndSet(null, new HostMap(newest, HostClock.nowNs(), 1));
            map = hostMap.get();
        }
        return map.here(otherNs);
    }

    /** The same for a report, which knows no item: it must not fix what readers go by. */
    long lastCommitNs() {
        long ns = (long) Abi.LONG.getOpaque(memory, Abi.H_LAST_COMMIT_NS);
        if (ofThisHost || ns == 0) {
            return ns;
        }
        var map = hostMap.get();
        return map == null ? HostClock.nowNs() : map.here(ns);
    }

    /** The region that took over, or null. */
    Region successor() {
        return successor;
    }

    /** Another process found who took over; this region keeps it from now on. */
    void succeededByForeign(Region next) {
        successor = next;
    }

    /** How other processes find it. */
    RingManifest manifest(String identity, String owner, ProcessMark writer) {
        return new RingManifest(identity, owner, id, ProcessMark.self(), writer, backing.fd(), backing.file,
                backing.hintsFd());
    }

    /** Names the region that takes over and keeps it for readers that still drain this one. */
    void succeededBy(Region next) {
        next.retain();
        successor = next;
        Abi.putLong(memory, Abi.H_SUCCESSOR, next.id);
        Abi.putLong(next.memory, Abi.H_PREDECESSOR, id);
        state(Abi.STATE_SUCCEEDED);
    }

    int state() {
        return (int) Abi.INT.getAcquire(memory, Abi.H_STATE);
    }

    /** Moves the life of the region on and wakes whoever sleeps on it. */
    void state(int state) {
        if (!whole()) {
            return; // nobody can read a region whose file was cut
        }
        Abi.INT.setRelease(memory, Abi.H_STATE, state);
        ring();
    }

    /** Rings the doorbell for something else than an item. */
    void ring() {
        if (!whole()) {
            return;
        }
        Abi.INT.setVolatile(nearHints, Abi.W_WAITERS, 0); // before the doorbell changes, see RingWriter.ring
        Abi.INT.setVolatile(hints, Abi.W_WAITERS, 0);
        Abi.INT.getAndAdd(memory, Abi.H_DOORBELL, 1);
        Posix.futexWakeNear(memory.address() + Abi.H_DOORBELL);
        Posix.futexWakeAll(memory.address() + Abi.H_DOORBELL);
    }

    /**
     * False for ever when somebody cut the file that backs this region; always true for sealed memory. A cut file is
     * drawn out again at once, so that whoever still looks at the mapping finds zeroes and not a page fault.
     */
    boolean whole() {
        if (backing.file == null) {
            return true;
        }
        if (!cut && Posix.size(backing.fd()) < geometry.regionBytes()) {
            cut = true;
            Posix.ftruncate(backing.fd(), geometry.regionBytes());
        }
        return !cut;
    }

    boolean truncatable() {
        return backing.file != null;
    }

    /** True when the process that wrote is known to be gone; never in the process that writes. No system call. */
    boolean gone() {
        return false;
    }

    /** {@link #gone} after a look at the process, where that was long ago. */
    boolean look() {
        return false;
    }

    /**
     * True while the writer is a Java thread of this process: its readers here then sleep by a futex of this process,
     * which the system finds sooner than one that processes share. Look after the doorbell was loaded: it is rung once
     * this has changed.
     */
    boolean near() {
        return near;
    }

    /** The owner of the identity says who writes, before it rings for the new incarnation. */
    void near(boolean writtenHere) {
        near = writtenHere;
    }

    /** True when the ring was opened for somebody who keeps its items where they are. */
    boolean deep() {
        return deep;
    }

    /** The owner of the identity says so. */
    void deep(boolean kept) {
        deep = kept;
    }

    /** How long a reader may sleep before it looks again, ns: a foreign hand may wipe its mark out. */
    long sliceNs() {
        return 250_000_000;
    }

    /** Changes with every {@link #ring} that cannot show in the doorbell. */
    int rung() {
        return 0;
    }

    /** Takes a reference. False when the region is already gone. */
    boolean retain() {
        int now;
        do {
            now = references.get();
            if (now == 0) {
                return false;
            }
        } while (!references.compareAndSet(now, now + 1));
        return true;
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            try {
                deleteFile();
            } finally {
                free();
                if (successor != null) {
                    successor.release();
                }
            }
        }
    }

    /** Gives back what the constructor took; see {@link RegionMemory#free}. */
    void free() {
        backing.free();
    }

    /** Removes the name of a file-backed region; who has it mapped keeps it. */
    void deleteFile() {
        backing.deleteFile();
    }
}
