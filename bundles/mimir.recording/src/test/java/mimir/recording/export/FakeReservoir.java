// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.reservoir.ItemSets;
import mimir.api.reservoir.Missing;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.reservoir.SampleRuns;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.RingFormat;

/** Holds what a test puts in; every item's canonical time is its host time. Confined. */
final class FakeReservoir implements Reservoir {
    private static final int EPOCH_AT = 16; // of a descriptor, see its diagram

    private final TreeMap<String, List<Held>> items = new TreeMap<>();
    long edgeNs = Long.MIN_VALUE;
    long evicted;
    Map<String, Long> refused = Map.of();
    int pins;

    private record Held(Descriptor descriptor, RingFormat format, MemorySegment payload) {
    }

    /** Adds an item; flags and checksum are left out. */
    void add(String id, RingFormat format, int epoch, long sequence, long hostNs, int width, int height,
            byte[] payload) {
        var memory = Arena.ofAuto().allocate(Descriptor.BYTES, 64);
        memory.set(ValueLayout.JAVA_INT, EPOCH_AT, epoch);
        var descriptor = new Descriptor().load(memory, 0).sequence(sequence).hostTimeNs(hostNs)
                .shape(1, width, height, payload.length)
                .payload(Abi.PAYLOAD_MEMORY, 0, 0, 0);
        var copy = Arena.ofAuto().allocate(payload.length + 64L, 64);
        MemorySegment.copy(MemorySegment.ofArray(payload), 0, copy, 64, payload.length);
        items.computeIfAbsent(id, made -> new ArrayList<>()).add(new Held(descriptor, format, copy));
    }

    /** The item added last tells a counter. */
    void counter(String id, long samples) {
        items.get(id).getLast().descriptor().deviceTime(Descriptor.CLOCK_COUNTER, samples);
    }

    /** Adds an item as it came out of a ring. */
    void add(String id, Lease lease) {
        var payload = new byte[(int) lease.length()];
        lease.copyOut(MemorySegment.ofArray(payload), 0);
        var at = lease.descriptor();
        add(id, lease.format(), at.epoch(), at.sequence(), at.hostTimeNs(), at.width(), at.height(), payload);
        items.get(id).getLast().descriptor().deviceTime(at.deviceClock(), at.deviceTime());
    }

    @Override
    public ReservoirStats stats() {
        return new ReservoirStats(0, 0, 0, 0, edgeNs, 0, 0, 0, List.of());
    }

    @Override
    public ReservoirCursor open(String sourceId, long fromNs, long toNs) {
        return new Cursor(items.get(sourceId).stream()
                .filter(held -> held.descriptor().hostTimeNs() >= fromNs && held.descriptor().hostTimeNs() < toNs)
                .iterator());
    }

    @Override
    public SampleRuns samples(String sourceId, long fromNs, long toNs) {
        throw new UnsupportedOperationException("the exporter reads whole blocks");
    }

    @Override
    public ItemSets sets(List<String> sourceIds, long fromNs, long toNs, long toleranceNs) {
        throw new UnsupportedOperationException("the exporter reads one source at a time");
    }

    /** Refused is what the sequence says, or {@link #refused}; {@link #evicted} are of the time before the edge. */
    @Override
    public Missing missing(String sourceId, long fromNs, long toNs) {
        long lost = refused.getOrDefault(sourceId, 0L);
        Held before = null;
        for (var held : items.get(sourceId)) {
            boolean hole = before != null && before.descriptor().epoch() == held.descriptor().epoch();
            lost += hole && held.descriptor().hostTimeNs() > fromNs && held.descriptor().hostTimeNs() < toNs
                    ? held.descriptor().sequence() - before.descriptor().sequence() - 1 : 0;
            before = held;
        }
        return new Missing(fromNs < edgeNs && edgeNs <= toNs ? evicted : 0, lost, 0, 0, 0);
    }

    @Override
    public Pin pin(long fromNs) {
        if (fromNs < edgeNs) {
            throw new BadInputException("the window begins before the edge");
        }
        pins++;
        return () -> pins--;
    }

    @Override
    public boolean drain(long timeoutNs) {
        return true;
    }

    @Override
    public Collection<String> sources() {
        return items.keySet();
    }

    private static final class Cursor implements ReservoirCursor {
        private final Iterator<Held> left;
        private Held now;

        Cursor(Iterator<Held> left) {
            this.left = left;
        }

        @Override
        public boolean next() {
            now = left.hasNext() ? left.next() : null;
            return now != null;
        }

        @Override
        public boolean nearest(long ns) {
            throw new UnsupportedOperationException("the exporter reads from front to back");
        }

        @Override
        public long canonicalNs() {
            return now.descriptor().hostTimeNs();
        }

        @Override
        public long overtaken() {
            return 0;
        }

        @Override
        public Descriptor descriptor() {
            return now.descriptor();
        }

        @Override
        public RingFormat format() {
            return now.format();
        }

        @Override
        public MemorySegment memory() {
            return now.payload().asReadOnly();
        }

        @Override
        public long offset() {
            return 64;
        }

        @Override
        public long length() {
            return now.descriptor().payloadBytes();
        }

        @Override
        public boolean intact() {
            return true;
        }
    }
}
