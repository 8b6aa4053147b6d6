// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * A revocable right to read one item in place. The writer never waits for it: the slot may be overtaken at any time,
 * {@link #release} says whether it was, and what was computed must then be discarded. Leases are recycled by their
 * reader; one that was released or moved throws
 * {@link IllegalStateException} at every use. Confined to the thread of its reader; allocates nothing.
 */
public final class Lease implements Item, AutoCloseable {
    private final RingReader reader;
    private final Descriptor descriptor = new Descriptor();
    private final MemorySegment inline = descriptor.memory().asReadOnly();
    private Region region;
    private MemorySegment readOnly;
    private long position;
    private long offset;
    private boolean open;
    private boolean peeked;
    private boolean otherClock;
    private long writerHostNs;

    Lease(RingReader reader) {
        this.reader = reader;
    }

    /** Takes the descriptor that was read ahead. False when the item was overtaken since then. */
    boolean fill(ReadAhead ahead, Region from, MemorySegment view, long at) {
        if (region != from) {
            region = from; // the collector asks a fee for every change of a reference
            otherClock = !from.ofThisHost;
        }
        position = at;
        peeked = false;
        open = ahead.copyTo(descriptor, at);
        place(view);
        if (open && !intact()) {
            open = false;
        }
        if (otherClock && open) {
            toThisHost();
        }
        return open;
    }

    /** Takes the item at a position that head has passed, which its reader need not count. False when overtaken. */
    boolean peek(Region from, MemorySegment view, long at) {
        if (region != from) {
            region = from;
            otherClock = !from.ofThisHost;
        }
        position = at;
        peeked = true;
        descriptor.load(from.memory, from.geometry.slot(at));
        place(view);
        open = descriptor.generation() == Abi.committed(at) && holds();
        if (otherClock && open) {
            toThisHost();
        }
        return open;
    }

    /** Only the copy: what stands in the slot is never rewritten. */
    private void toThisHost() {
        writerHostNs = descriptor.hostTimeNs();
        descriptor.hostTimeNs(region.here(writerHostNs));
    }

    /** True when the slot, as it was last copied, never held the item that head promised. */
    boolean neverWritten() {
        return descriptor.generation() < Abi.committed(position);
    }

    /** An event is read from the private copy, which nobody overtakes. */
    private void place(MemorySegment view) {
        boolean here = descriptor.payloadKind() == Abi.PAYLOAD_INLINE;
        var now = here ? inline : view;
        if (readOnly != now) {
            readOnly = now;
        }
        offset = here ? Abi.D_HANDLE : region.geometry.payload(position);
    }

    /** True when the descriptor does not lead out of the region. */
    boolean sound() {
        long bytes = descriptor.payloadBytes();
        return bytes >= 0 && reader.format(region, descriptor.formatId()) != null
                && switch (descriptor.payloadKind()) {
                    case Abi.PAYLOAD_MEMORY -> bytes <= region.geometry.payloadStride()
                            && descriptor.handle(0) == offset && descriptor.handle(1) == region.id;
                    case Abi.PAYLOAD_INLINE -> bytes <= Abi.INLINE_BYTES;
                    default -> true;
                };
    }

    boolean isOpen() {
        return open;
    }

    /** True for an item that stands in no account: {@link RingReader#peek}. */
    boolean peeked() {
        return peeked;
    }

    long position() {
        return position;
    }

    @Override
    public Descriptor descriptor() {
        check();
        return descriptor;
    }

    /**
     * Host time as the writer wrote it, ns; another one than {@link Descriptor#hostTimeNs} where it is by another
     * host's clock, which {@link #hostClockId} tells.
     */
    public long writerHostNs() {
        check();
        return region.ofThisHost ? descriptor.hostTimeNs() : writerHostNs;
    }

    /** The clock that {@link #writerHostNs} is by: {@link HostClock#id()} as a rule. */
    public long hostClockId() {
        check();
        return region.hostClockId;
    }

    @Override
    public RingFormat format() {
        check();
        return reader.format(region, descriptor.formatId());
    }

    @Override
    public MemorySegment memory() {
        check();
        return readOnly;
    }

    @Override
    public long offset() {
        check();
        return offset;
    }

    @Override
    public long length() {
        check();
        return bytesHere();
    }

    /**
     * True when the memory cannot be cut while it is mapped, so that native code may read it too; an access beyond the
     * end of a file would end the process. False for rings in files ({@code rings.dir}): {@link #copyOut} first.
     */
    public boolean sealed() {
        check();
        return !region.truncatable() && offset != Abi.D_HANDLE;
    }

    /** Of other kinds of payload nothing lies here, and nobody has bounded what the descriptor says of it. */
    private long bytesHere() {
        return switch (descriptor.payloadKind()) {
            case Abi.PAYLOAD_MEMORY, Abi.PAYLOAD_INLINE -> descriptor.payloadBytes();
            default -> 0;
        };
    }

    @Override
    public boolean intact() {
        check();
        if (offset == Abi.D_HANDLE) {
            return true; // an event is read from the private copy
        }
        return holds();
    }

    private boolean holds() {
        VarHandle.acquireFence(); // reads of the payload must be over before the generation is looked at
        long slot = region.geometry.slot(position);
        return (long) Abi.LONG.getOpaque(region.memory, slot + Abi.D_GENERATION) == Abi.committed(position);
    }

    /** Hands the right over: the returned lease reads on, this one is closed. */
    public Lease move() {
        check();
        var target = reader.leases().free();
        target.adopt(this);
        open = false;
        return target;
    }

    /** The copy that was checked goes along: what stands in the slot now may be another one. */
    private void adopt(Lease from) {
        descriptor.load(from.descriptor);
        region = from.region;
        otherClock = from.otherClock;
        position = from.position;
        peeked = from.peeked;
        writerHostNs = from.writerHostNs;
        place(from.readOnly);
        open = true;
    }

    /**
     * The one way to copy a payload out; the bytes are counted against the reader.
     *
     * @param target where to, at {@code targetOffset} bytes
     * @return bytes copied
     */
    public long copyOut(MemorySegment target, long targetOffset) {
        check();
        long bytes = length();
        Copies.copy(readOnly, offset, target, targetOffset, bytes);
        reader.counters().copied(bytes);
        return bytes;
    }

    /** The same, by the C library where nobody can cut the memory it is read from: a sixth faster for a frame. */
    public long copyOut(MappedMemory target, long targetOffset) {
        if (!sealed()) {
            return copyOut(target.segment(), targetOffset);
        }
        long bytes = length();
        Copies.copyWhole(readOnly, offset, target.segment(), targetOffset, bytes);
        reader.counters().copied(bytes);
        return bytes;
    }

    /**
     * {@link #verify} and {@link #copyOut(MappedMemory, long)} with one look at the memory of what is large: each part
     * is tested, and copied while it is in the cache. The copy is made whatever the test says.
     *
     * @param target where to, at {@code targetOffset} bytes
     */
    public Checksum copyOutTested(MappedMemory target, long targetOffset) {
        check();
        long bytes = length();
        if (bytes < Copies.BULK || !sealed() || !descriptor.has(Descriptor.CRC) || !PayloadChecksum.inPlace(region)) {
            var tested = verify();
            copyOut(target, targetOffset);
            return tested;
        }
        int crc = reader.checksums().copying(region, position, bytes, target.segment(), targetOffset);
        reader.counters().copied(bytes);
        return judge(crc);
    }

    /**
     * Holds the memory that the item lies in, so that items can be kept where they are. Null when its ring was not
     * opened to be kept, or lies in a file, which somebody may cut. Allocates; the caller closes it.
     */
    public RingHold hold() {
        check();
        boolean kept = region.deep() && !region.truncatable() && region.retain();
        return kept ? new RingHold(region, reader.counters()) : null;
    }

    /** Compares the payload with the source's checksum; a wrong one is counted. Reads the payload once. */
    public Checksum verify() {
        check();
        if (!descriptor.has(Descriptor.CRC) || length() != descriptor.payloadBytes()) {
            return Checksum.ABSENT;
        }
        int crc = descriptor.payloadKind() == Abi.PAYLOAD_INLINE
                ? reader.checksums().of(inline, Abi.D_HANDLE, descriptor.payloadBytes())
                : reader.checksums().of(region, position, descriptor.payloadBytes());
        return judge(crc);
    }

    private Checksum judge(int crc) {
        if (crc == descriptor.crc32c()) {
            return Checksum.RIGHT;
        }
        if (!intact()) {
            return Checksum.OVERTAKEN;
        }
        reader.counters().checksumError();
        return Checksum.WRONG;
    }

    /** Ends the lease. False: the slot was overtaken while it was read, discard the result; counted as torn. */
    public boolean release() {
        boolean whole = intact();
        open = false;
        if (!whole && !peeked) {
            reader.counters().torn(bytesHere());
        }
        return whole;
    }

    /** {@link #release} for try-with-resources; does nothing on a lease that has already ended. */
    @Override
    public void close() {
        if (open && !peeked) {
            release();
        }
        open = false; // an item that stands in no account need not be looked at once more
    }

    long releasedBytes() {
        return bytesHere();
    }

    void revoke() {
        open = false;
    }

    private void check() {
        if (!open) {
            throw new IllegalStateException("the lease has ended: it was released or moved");
        }
    }
}
