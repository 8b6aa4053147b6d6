// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One random order of steps of a writer, its owner and several readers, all on one thread, with every result compared.
 * The seed decides everything. Confined to one thread.
 */
final class Schedule {
    private static final int STEPS = 60;
    private static final int MOST_READERS = 4;
    private static final long PAYLOAD = 64;
    private static final List<DropReason> REASONS = List.of(DropReason.values()).subList(0, DropReason.AT_SOURCE);

    private final SplittableRandom random;
    private final PlantedFault fault;
    private final RingReference reference = new RingReference();
    private final List<ReaderReference> readers = reference.readers;
    private final List<String> steps = new ArrayList<>();
    private final List<Region> parked = new ArrayList<>();
    private final List<KeptReference> kept = new ArrayList<>();
    // nobody outside looks at these rings, and the disk would take most of the time
    private final RingStore store = RingStore.unseen(Map.of("deep", new String[] {"schedule"}));
    private final boolean events; // few: their rings are long, and may have LOSSLESS readers
    private long payloadBytes = PAYLOAD;
    private RingOwner owner;
    private RingWriter writer;

    private Schedule(long seed, PlantedFault fault) {
        random = new SplittableRandom(seed);
        this.fault = fault;
        events = random.nextInt(50) == 0;
    }

    /** Runs the schedule of a seed; an error names the steps up to it. */
    static void run(long seed, PlantedFault fault) {
        var schedule = new Schedule(seed, fault);
        try {
            schedule.open(false);
            for (int i = 0; i < STEPS; i++) {
                schedule.step();
            }
            schedule.finish();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ", steps " + schedule.steps, e);
        } finally {
            schedule.close();
        }
    }

    private void step() {
        switch (random.nextInt(21)) {
            case 20 -> keep();
            case 0 -> addReader();
            case 1 -> closeReader();
            case 2 -> claimOnly();
            case 3 -> abort();
            case 4 -> drop();
            case 5 -> nextEpoch();
            case 6 -> reopen();
            case 7, 8, 9, 10 -> write(1 + random.nextInt(4));
            case 11 -> write(random.nextInt(2 * reference.region().slots));
            case 12 -> claimTheSlotOfADueItem();
            case 13 -> batch(1 + random.nextInt(2 * reference.region().slots / 3));
            default -> read();
        }
    }

    private void open(boolean successor) {
        steps.add("open" + (successor ? " larger" : ""));
        payloadBytes += successor ? 64 : 0;
        var format = new RingFormat(1, 0, 16, 16, 60, 1, List.of(0L), List.of(16), PAYLOAD, 0);
        int kind = events ? Abi.ITEM_EVENT : Abi.ITEM_FRAME;
        var spec = new RingSpec("schedule", kind, 60, payloadBytes, format, RingSpec.Writer.JAVA);
        owner = store.open(spec, "schedule");
        writer = owner.writer();
        reference.open(successor, spec.slotCount());
        assertEquals(reference.epoch(), owner.epoch());
    }

    private void reopen() {
        steps.add("end");
        if (random.nextBoolean()) {
            owner.close();
            reference.end();
            open(random.nextInt(3) == 0);
        } else if (random.nextInt(4) == 0) {
            owner.park();
            parked.add(owner.region);
            reference.end();
            open(true);
        }
    }

    private void addReader() {
        if (readers.size() < MOST_READERS) {
            var profile = Profile.values()[random.nextInt(events ? 3 : 2)];
            var start = random.nextBoolean() ? Start.NOW : Start.OLDEST;
            steps.add("reader " + profile + " " + start);
            readers.add(new ReaderReference(reference, owner.ring(), profile, start,
                    lease -> lease.release() | fault == PlantedFault.RELEASE_WITHOUT_LOOK));
        }
    }

    private void closeReader() {
        if (!readers.isEmpty()) {
            steps.add("close");
            readers.remove(random.nextInt(readers.size())).close();
        }
    }

    private void read() {
        if (readers.isEmpty()) {
            return;
        }
        int who = random.nextInt(readers.size());
        int items = 1 + random.nextInt(random.nextInt(4) == 0 ? reference.region().slots : 3);
        steps.add("read " + items + " by " + who);
        for (int i = 0; i < items; i++) {
            readers.get(who).next();
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            readers.get(who).releaseOldest();
        }
        readers.get(who).compareStats();
        kept.forEach(item -> item.compare((hold, of) -> hold.holds(of) | fault == PlantedFault.HOLD_WITHOUT_LOOK));
    }

    /** Some are kept through swaps and beyond the end of their reader. */
    private void keep() {
        if (!kept.isEmpty() && random.nextBoolean()) {
            steps.add("let go");
            kept.remove(random.nextInt(kept.size())).close();
        } else if (!readers.isEmpty()) {
            int who = random.nextInt(readers.size());
            var item = readers.get(who).keep();
            if (item != null) {
                steps.add("keep of " + who);
                kept.add(item);
            }
        }
    }

    private void write(int items) {
        steps.add("write " + items);
        for (int i = 0; i < items && claim(); i++) {
            commit();
        }
    }

    /** One change of head for all of them, or none before the writer ends. */
    private void batch(int items) {
        steps.add("batch " + items);
        for (int i = 0; i < items && claim(); i++) {
            writer.stage();
            reference.stage();
            if (fault == PlantedFault.BATCH_SHOWN_EARLY) {
                Abi.LONG.setRelease(memory(), Abi.H_HEAD, (long) reference.region().items.size());
            }
        }
        if (random.nextInt(3) > 0) {
            writer.publish();
            reference.publish();
        }
    }

    /** A reader stands at the oldest item that the ring holds, and just that slot is claimed, or claimed in vain. */
    private void claimTheSlotOfADueItem() {
        if (!readers.isEmpty()) {
            write(Math.max(0, readers.get(random.nextInt(readers.size())).itemsUntilOvertaken()));
            claimOnly();
            if (random.nextBoolean()) {
                abort();
            }
            read();
        }
    }

    private void claimOnly() {
        steps.add("claim");
        claim();
    }

    /** False when a LOSSLESS reader has to read first. */
    private boolean claim() {
        if (reference.claimed) {
            return true;
        }
        if (fault == PlantedFault.POSITION_TOLD_EARLY) {
            Abi.LONG.setRelease(owner.hints(), Gate.seat(0) + Abi.S_POSITION, Long.MAX_VALUE / 2);
        }
        boolean room = reference.awaitRoom();
        if (fault != PlantedFault.GATE_PASSED_BY) {
            assertEquals(room, writer.awaitRoom(0), "room for the next item");
            if (!room) {
                return false;
            }
        }
        long slot = slot();
        long old = (long) Abi.LONG.getAcquire(memory(), slot + Abi.D_GENERATION);
        long at = writer.claim();
        long sequence = reference.claim();
        long wrong = fault == PlantedFault.PAYLOAD_IN_NEXT_SLOT ? PAYLOAD : 0;
        for (long word = 0; word < PAYLOAD; word += Long.BYTES) {
            writer.memory().set(ValueLayout.JAVA_LONG, at + wrong + word, sequence);
        }
        writer.descriptor().sequence(sequence).shape(1, 16, 16, PAYLOAD);
        if (fault == PlantedFault.MARK_MISSING) {
            Abi.LONG.setRelease(memory(), slot + Abi.D_GENERATION, old);
        }
        if (fault == PlantedFault.HEAD_EARLY) {
            moveHead(1);
        }
        return true;
    }

    private void commit() {
        long slot = slot();
        writer.commit();
        reference.commit();
        switch (fault) {
            case HEAD_EARLY, HEAD_MISSING -> moveHead(-1);
            case GENERATION_OF_NEXT_LAP -> Abi.LONG.setRelease(memory(), slot + Abi.D_GENERATION,
                    (long) Abi.LONG.getAcquire(memory(), slot + Abi.D_GENERATION) + 2L * reference.region().slots);
            case GAP_FORGOTTEN -> forget(slot, Descriptor.GAP_BEFORE);
            case DISCONTINUITY_FORGOTTEN -> forget(slot, Descriptor.DISCONTINUITY);
            default -> { }
        }
    }

    private void abort() {
        if (reference.claimed) {
            var reason = reason();
            steps.add("abort " + reason);
            long position = reference.region().items.size();
            writer.abort(reason);
            reference.abort(reason);
            if (fault == PlantedFault.ABORT_RESTORES && position >= reference.region().slots) {
                Abi.LONG.setRelease(memory(), slot() + Abi.D_GENERATION,
                        Abi.committed(position - reference.region().slots));
            }
        }
    }

    private void drop() {
        var reason = reason();
        int items = 1 + random.nextInt(5);
        steps.add("drop " + items + " " + reason);
        writer.drop(reason, items);
        reference.drop(reason, items);
        if (fault == PlantedFault.DROPS_UNCOUNTED) {
            Abi.LONG.setRelease(memory(), Abi.H_DROPS + 8L * reason.ordinal(), 0L);
        }
    }

    private void nextEpoch() {
        steps.add("epoch");
        reference.nextEpoch();
        assertEquals(reference.epoch(), writer.nextEpoch());
        if (fault == PlantedFault.EPOCH_STANDS_STILL) {
            Abi.INT.setRelease(memory(), Abi.H_EPOCH, reference.epoch() - 1);
        }
    }

    private void finish() {
        steps.add("finish");
        owner.close();
        reference.end();
        readers.forEach(ReaderReference::drain);
        var stats = owner.ring().stats();
        assertEquals(reference.published(), stats.published());
        assertEquals(reference.drops, stats.droppedAtSource());
    }

    private void close() {
        readers.forEach(ReaderReference::close);
        owner.close();
        store.close();
        kept.forEach(KeptReference::close);
        parked.forEach(region -> { // no native thread writes here, and thousands of schedules need the descriptors
            region.release(); // for the owner
            region.release(); // for the ring
        });
    }

    private DropReason reason() {
        return REASONS.get(random.nextInt(REASONS.size()));
    }

    private MemorySegment memory() {
        return owner.region();
    }

    /** Of the position that the writer is at. */
    private long slot() {
        return Geometry.of(reference.region().slots, payloadBytes).slot(reference.region().items.size());
    }

    private void moveHead(int by) {
        Abi.LONG.setRelease(memory(), Abi.H_HEAD, (long) Abi.LONG.getAcquire(memory(), Abi.H_HEAD) + by);
    }

    private void forget(long slot, int flag) {
        Abi.putInt(memory(), slot + Abi.D_FLAGS, Abi.getInt(memory(), slot + Abi.D_FLAGS) & ~flag);
        if (flag == Descriptor.GAP_BEFORE) {
            Abi.putInt(memory(), slot + Abi.D_GAP_ITEMS, 0);
        }
    }
}
