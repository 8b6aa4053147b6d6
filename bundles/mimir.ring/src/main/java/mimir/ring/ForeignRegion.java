// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A region that another process made: mapped read-only, its hints page read-write, its writer watched by a handle of
 * the system. What the writer had committed stays readable after its death, as long as this mapping is held.
 * Thread-safe.
 */
final class ForeignRegion extends Region {
    /** Death is to be told within 100 ms: how often a sleeper looks, and how old an answer may be. */
    private static final long SLICE_NS = 25_000_000;
    private static final long LOOK_NS = 10_000_000;
    /** A source that came to life again may be written by another process: the manifest says so. */
    private static final int LOOKS_PER_MANIFEST = 20;
    /** The platform writes the successor's manifest a moment after the word that there is one. */
    private static final long BETWEEN_REGIONS_NS = 2_000_000;

    private final ForeignRing home;
    private final MappedMemory mapping;
    private final int sizeFd;
    private final AtomicInteger rung = new AtomicInteger();
    private final Queue<WriterWatch> formerWriters = new ConcurrentLinkedQueue<>();
    private volatile WriterWatch writer;
    private volatile boolean gone;
    private volatile boolean cut;
    private volatile long lookedNs;
    private int looks; // a hint only: two threads that count at once look later or sooner

    ForeignRegion(ForeignRing home, Geometry geometry, MappedMemory mapping, MappedMemory hints, int sizeFd,
            WriterWatch writer) {
        super(geometry, RegionMemory.foreign(mapping, hints, sizeFd));
        this.home = home;
        this.mapping = mapping;
        this.sizeFd = sizeFd;
        this.writer = writer;
        gone = writer.gone();
        lookedNs = System.nanoTime();
    }

    ProcessMark writer() {
        return writer.process;
    }

    /** LIVE is believed only while the writer lives. */
    @Override
    int state() {
        int state = super.state();
        return state == Abi.STATE_LIVE && look() ? Abi.STATE_WRITER_GONE : state;
    }

    @Override
    boolean gone() {
        return gone;
    }

    @Override
    boolean look() {
        long now = System.nanoTime();
        if (now - lookedNs >= LOOK_NS) {
            lookedNs = now;
            if (gone || ++looks % LOOKS_PER_MANIFEST == 0) {
                home.lookForAnotherWriter(this);
            }
            gone = writer.gone();
        }
        return gone;
    }

    /** The platform put another process in the place of the dead one. */
    synchronized void writtenBy(WriterWatch next) {
        formerWriters.add(writer); // another thread may be asking it at this moment
        writer = next;
        gone = next.gone();
    }

    @Override
    long sliceNs() {
        return super.state() == Abi.STATE_SUCCEEDED ? BETWEEN_REGIONS_NS : SLICE_NS;
    }

    /** Asks for the successor where the header says that there is one; files are read then, which happens rarely. */
    @Override
    Region successor() {
        var known = super.successor();
        if (known != null || super.state() != Abi.STATE_SUCCEEDED) {
            return known;
        }
        return home.attachSuccessor(this);
    }

    /** The successor as far as it was found. */
    Region knownSuccessor() {
        return super.successor();
    }

    @Override
    void state(int state) {
        throw new IllegalStateException("only the owner of a ring moves its state");
    }

    /** Wakes sleepers without touching the region, which is not ours to write. */
    @Override
    void ring() {
        rung.incrementAndGet();
        Posix.futexWakeAll(memory.address() + Abi.H_DOORBELL);
    }

    @Override
    int rung() {
        return rung.get();
    }

    @Override
    boolean truncatable() {
        return sizeFd >= 0;
    }

    @Override
    boolean whole() {
        if (sizeFd >= 0 && !cut && Posix.size(sizeFd) < geometry.regionBytes()) {
            cut = true;
            mapping.blank();
        }
        return !cut;
    }

    /** The file belongs to its maker. */
    @Override
    void deleteFile() {
        // nothing of it is ours
    }

    @Override
    void free() {
        super.free();
        writer.close();
        formerWriters.forEach(WriterWatch::close);
    }
}
