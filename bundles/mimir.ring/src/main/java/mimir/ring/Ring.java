// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ring of one source identity through all its incarnations: drivers come and go, regions may succeed one another,
 * readers stay. Obtained from {@link Rings}. Thread-safe; control methods may block shortly, none is for a hot loop.
 */
public final class Ring extends RingHome {
    private final String identity;
    private final int sourceId;
    private final RingStore store;
    private final List<RingReader> readers = new CopyOnWriteArrayList<>();
    private final long[] carriedDrops = new long[DropReason.AT_SOURCE]; // guarded by this
    private long carriedItems;                                           // guarded by this
    private long carriedWritten;                                         // guarded by this
    private long carriedCopied;                                          // guarded by this
    private Region region;                                               // guarded by this
    private RingOwner owner;                                             // guarded by this
    private int itemKind;                                                // guarded by this
    private RingStats lastWhole;                                         // guarded by this
    private boolean disposed;                                            // guarded by this
    private boolean freed;                                               // guarded by this

    Ring(RingStore store, String identity, int sourceId) {
        this.store = store;
        this.identity = identity;
        this.sourceId = sourceId;
    }

    /** Name of the source. */
    @Override
    public String identity() {
        return identity;
    }

    /** Small number of the source within this platform, as in descriptors. */
    public int sourceId() {
        return sourceId;
    }

    /** The clock that its writer reads now: {@link HostClock#id()} as a rule. */
    public synchronized long hostClockId() {
        return current().hostClockId;
    }

    /**
     * What is known of another host's clock: from here on {@link Descriptor#hostTimeNs} of what is read from this ring
     * follows it, as long as the writer reads that clock. Until there is a first one the newest item, when somebody
     * takes the first, is taken for one of just now. Any thread; blocks shortly.
     */
    public synchronized void hostMap(long clockId, HostMap map) {
        if (region != null && region.hostClockId == clockId) {
            region.hostMap(map);
        }
    }

    /** True when it was opened for somebody who keeps its items where they are ({@link Lease#hold}). */
    public synchronized boolean deep() {
        return current().deep();
    }

    /**
     * Makes the next pages of a {@link #deep} ring present, which is published when half a second of it is: to make all
     * of them takes up to ten seconds per GiB where the host of a virtual machine has to find them. Who keeps its items
     * does so ahead of the writer, which else takes the faults in its first turn. Control thread; blocks so long.
     *
     * @param bytes how much at a time
     * @return false when all are present
     * @throws RingException when the system cannot supply them
     */
    public boolean makePages(long bytes) {
        var now = current();
        if (!now.retain()) {
            return false;
        }
        try {
            return now.makePages(bytes);
        } finally {
            now.release();
        }
    }

    /** How much of its memory was made present, from 0 to 1. */
    public synchronized double present() {
        return (double) current().present() / current().geometry.regionBytes();
    }

    /** Entry {@code formatId} of the current region's table, or null when there is none. Allocates. */
    public synchronized RingFormat format(int formatId) {
        var formats = disposed ? lastWhole.formats() : current().formats();
        return formatId >= 1 && formatId <= formats.size() ? formats.get(formatId - 1) : null;
    }

    /**
     * Opens a reader that waits at the doorbell.
     *
     * @param name shown in reports, together with the source's
     */
    public RingReader reader(String name, Profile profile, Start start) {
        return reader(name, profile, start, Waiting.DOORBELL);
    }

    /** Opens a reader. Any thread; allocates. The caller closes it. */
    public synchronized RingReader reader(String name, Profile profile, Start start, Waiting waiting) {
        var from = current();
        if (!from.retain()) {
            throw new RingException("the ring of " + identity + " was given back; open its source again");
        }
        var reader = opened(from, () -> new RingReader(this, from, name, profile, start, waiting));
        readers.add(reader);
        return reader;
    }

    private synchronized Region current() {
        if (region == null) {
            throw new RingException("the ring of " + identity
                    + " holds no memory yet; wait until its source is published");
        }
        return region;
    }

    @Override
    void forget(RingReader reader) {
        readers.remove(reader);
    }

    /** Wakes every reader that sleeps on this ring. */
    @Override
    public void wake() {
        var now = current();
        if (now.retain()) {
            now.ring();
            now.release();
        }
    }

    /** A snapshot for people and reports, the last one when the ring was given back meanwhile; allocates. */
    public RingStats stats() {
        Region now;
        synchronized (this) {
            now = current();
            if (!now.retain()) {
                return lastWhole.ended(readers.stream().map(RingReader::stats).toList());
            }
        }
        try {
            return stats(now);
        } finally {
            now.release();
        }
    }

    private synchronized RingStats stats(Region now) {
        if (now.whole()) {
            lastWhole = read(now);
            return lastWhole;
        }
        return lastWhole.ended(readers.stream().map(RingReader::stats).toList());
    }

    private RingStats read(Region now) {
        var memory = now.memory;
        return new RingStats(identity, itemKind, now.state(), owner == null ? null : owner.name(),
                Abi.getInt(memory, Abi.H_EPOCH),
                now.id, now.geometry.slotCount(), now.geometry.payloadStride(), now.geometry.regionBytes(),
                carriedItems + (long) Abi.LONG.getAcquire(memory, Abi.H_HEAD),
                carriedWritten + (long) Abi.LONG.getOpaque(memory, Abi.H_PAYLOAD_WRITTEN),
                carriedCopied + (long) Abi.LONG.getOpaque(memory, Abi.H_PAYLOAD_COPIED),
                (long) Abi.LONG.getOpaque(memory, Abi.H_WOKEN), (long) Abi.LONG.getOpaque(memory, Abi.H_EVICTED),
                now.lastCommitNs(),
                drops(now), formats(now), readers.stream().map(RingReader::stats).toList());
    }

    /** A table that a foreign hand damaged costs a report its formats, and never a ring its end. */
    private static List<RingFormat> formats(Region now) {
        try {
            return now.formats();
        } catch (RingException damaged) {
            return List.of();
        }
    }

    private Map<DropReason, Long> drops(Region now) {
        var drops = new EnumMap<DropReason, Long>(DropReason.class);
        for (var reason : DropReason.values()) {
            if (reason.ordinal() < DropReason.AT_SOURCE) {
                long items = carriedDrops[reason.ordinal()] + dropsOf(now, reason.ordinal());
                if (items > 0) {
                    drops.put(reason, items);
                }
            }
        }
        return drops;
    }

    private static long dropsOf(Region region, int reason) {
        return (long) Abi.LONG.getOpaque(region.memory, Abi.H_DROPS + 8L * reason);
    }

    /**
     * A new incarnation takes the identity: the same region with the next epoch where it fits, a successor region
     * otherwise. A region that lasts longer than is asked for now fits; one that is too short does not, which only the
     * load of another rig can bring about. Null when this ring was freed: another one has its place.
     */
    synchronized RingOwner open(RingSpec spec, String ownerName) {
        if (freed) {
            return null;
        }
        if (disposed) {
            throw new RingException("the rings are being given back; start Mimir anew to open " + identity);
        }
        if (owner != null) {
            throw new RingException("source " + identity + " is already published by " + owner.name()
                    + "; give one of the two devices another id");
        }
        int epoch = region == null ? 1 : stats(region).epoch() + 1;
        if (!fits(spec)) {
            replace(spec);
        }
        int formatId = region.formatId(spec.format());
        Abi.INT.setRelease(region.memory, Abi.H_EPOCH, epoch);
        itemKind = spec.itemKind();
        region.near(spec.writer() == RingSpec.Writer.JAVA);
        region.deep(store.deep(identity));
        region.state(Abi.STATE_LIVE);
        owner = new RingOwner(this, region, ownerName, formatId, epoch);
        lastWhole = read(region); // a file may be cut before anybody asks
        publish(ProcessMark.self());
        return owner;
    }

    /** Tells other processes where the region is and who writes it. */
    private void publish(ProcessMark writer) {
        store.manifests().publish(sourceId, region.manifest(identity, owner.name(), writer));
    }

    /** The writer of this incarnation is another process. */
    synchronized void writtenBy(RingOwner asking, long pid) {
        if (owner == asking) {
            region.near(false); // from there nobody sees who sleeps by a futex of this process
            region.ring();
            publish(ProcessMark.of(pid));
        }
    }

    private boolean fits(RingSpec spec) {
        return region != null && region.state() == Abi.STATE_ENDED && itemKind == spec.itemKind() && region.whole()
                && region.truncatable() == store.onFile(spec) && region.geometry.slotCount() >= store.slots(spec)
                && region.hostClockId == spec.hostClockId()
                && region.geometry.payloadStride() >= spec.payloadBytes() && region.formatId(spec.format()) > 0;
    }

    private void replace(RingSpec spec) {
        var former = region;
        int slots = store.slots(spec);
        int present = store.deep(identity) ? spec.slotCount() : slots;
        var next = Region.create(spec, slots, present, sourceId, store.directory());
        if (former != null) {
            next.inheritHostMap(former);
            var account = stats(former);
            carriedItems = account.published();
            carriedWritten = account.payloadWritten();
            carriedCopied = account.payloadCopied();
            account.droppedAtSource().forEach((reason, items) -> carriedDrops[reason.ordinal()] = items);
            boolean parked = former.state() == Abi.STATE_PARKED;
            former.succeededBy(next);
            if (!parked) {
                former.release(); // a parked region stays mapped for ever: a native thread may still write it
            }
        }
        region = next;
    }

    /** The owner is gone; what it published stays. */
    synchronized void end(RingOwner former, int state) {
        if (owner == former) {
            owner = null;
            region.state(state);
        }
    }

    /** See {@link Rings#free}. */
    synchronized boolean free() {
        if (owner != null || disposed || region == null || !readers.isEmpty() || region.state() != Abi.STATE_ENDED) {
            return false;
        }
        dispose();
        freed = true;
        return true;
    }

    /**
     * The platform stops: the name of a file-backed region goes, its memory goes with the last reader, and that of a
     * parked one never.
     */
    synchronized void dispose() {
        if (region != null && !disposed) {
            disposed = true;
            if (region.state() == Abi.STATE_LIVE) {
                region.state(Abi.STATE_ENDED);
            }
            store.manifests().withdraw(sourceId);
            stats(region);
            region.deleteFile();
            if (region.state() != Abi.STATE_PARKED) {
                region.release();
            }
        }
    }
}
