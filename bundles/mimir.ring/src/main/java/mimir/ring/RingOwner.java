// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;

/**
 * One incarnation of a source owns its ring through this. It must be closed when the writer has stopped for certain;
 * closing ends the ring and never frees what readers hold. Thread-safe.
 */
public final class RingOwner implements AutoCloseable {
    private final Ring ring;
    final Region region; // tests give back what nobody writes after they parked it
    private final String name;
    private final int formatId;
    private final int epoch;
    private RingWriter writer; // guarded by this
    private boolean ended;     // guarded by this

    RingOwner(Ring ring, Region region, String name, int formatId, int epoch) {
        this.ring = ring;
        this.region = region;
        this.name = name;
        this.formatId = formatId;
        this.epoch = epoch;
        region.retain();
    }

    /** The ring, for readers. */
    public Ring ring() {
        return ring;
    }

    /** Who owns: the bundle's name. */
    public String name() {
        return name;
    }

    /** Entry of the format table for the format asked for. */
    public int formatId() {
        return formatId;
    }

    /** Epoch that this incarnation began with. */
    public int epoch() {
        return epoch;
    }

    /** The writer of this incarnation, for one Java thread. */
    public synchronized RingWriter writer() {
        if (writer == null) {
            writer = new RingWriter(region);
        }
        return writer;
    }

    /**
     * The region, for a native writer; it stays mapped until this owner is closed, and for ever after {@link #park}.
     */
    public MemorySegment region() {
        return region.memory;
    }

    /** The hints page, for a native writer; lives as long as {@link #region}. */
    public MemorySegment hints() {
        return region.hints;
    }

    /** Where readers of this process mark themselves. */
    MemorySegment nearHints() {
        return region.nearHints;
    }

    /**
     * Says that another process writes this ring from now on (an isolated host): readers elsewhere then watch that one.
     * Call it before that process publishes, or open the ring for a native writer: until then readers here expect a
     * Java writer to wake them, and may find an item 250 ms late. Control thread; writes a small file.
     */
    public void writtenBy(long pid) {
        ring.writtenBy(this, pid);
    }

    synchronized boolean ended() {
        return ended;
    }

    /**
     * Ends the ring: readers drain it, a later incarnation may revive it. Call only when no thread can write any more.
     */
    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            ring.end(this, Abi.STATE_ENDED);
            region.release();
        }
    }

    /**
     * The native writer did not stop: the region is left to it, mapped for ever, and the next incarnation gets a new
     * one.
     */
    public synchronized void park() {
        if (!ended) {
            ended = true;
            ring.end(this, Abi.STATE_PARKED);
        }
    }
}
