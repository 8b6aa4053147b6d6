// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import mimir.ring.Abi;
import mimir.ring.Item;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * Sources whose items repeat their sequence in every word, into an ingest of a given budget; time is what the test
 * says. Confined.
 */
final class Feed implements AutoCloseable {
    final RingStore store;
    final Ingest ingest;
    final Pins pins;
    final Map<String, RingOwner> owners = new LinkedHashMap<>();
    private final Map<String, Long> sequences = new LinkedHashMap<>();
    private final CRC32C crc = new CRC32C();

    Feed(long budgetBytes) {
        this(budgetBytes, Map.of());
    }

    /** @param rings configuration of these, see {@link RingStore} */
    Feed(long budgetBytes, Map<String, ?> rings) {
        store = RingStore.unseen(rings);
        ingest = new Ingest(budgetBytes);
        pins = new Pins(ingest.log());
        ingest.log().populate(budgetBytes);
    }

    /** Rings in which the items of some sources stay, a thousand of a frame source of this feed. */
    static Map<String, Object> inPlace(String... ids) {
        return Map.of("deep", ids, "deep.seconds", 16.0);
    }

    /** From the next ring on. */
    Feed rings(Map<String, ?> configuration) {
        store.configure(configuration);
        return this;
    }

    Feed source(String id, int kind, int bytes) {
        ingest.add(open(id, kind, bytes));
        return this;
    }

    /** A ring of what belongs to the items of a source. */
    Feed results(String id, int bytes) {
        ingest.keep(open(id, Abi.ITEM_RESULT, bytes));
        return this;
    }

    private Ring open(String id, int kind, int bytes) {
        var format = new RingFormat(1, 0, 16, 16, 60, 1, List.of(0L), List.of(16), bytes, 0);
        int rate = kind == Abi.ITEM_RESULT ? 1 : 60; // rings of results are long and would take their time
        owners.put(id, store.open(new RingSpec(id, kind, rate, bytes, format, RingSpec.Writer.JAVA), "test"));
        return owners.get(id).ring();
    }

    Feed publish(String id, long timeNs) {
        var owner = owners.get(id);
        var writer = owner.writer();
        int bytes = (int) owner.ring().format(owner.formatId()).payloadBytes();
        long sequence = sequences.merge(id, 1L, Long::sum) - 1;
        long at = writer.claim();
        repeat(sequence, writer.memory().asSlice(at, bytes & -8));
        crc.reset();
        crc.update(writer.memory().asSlice(at, bytes).asByteBuffer());
        writer.descriptor().sequence(sequence).hostTimeNs(timeNs).shape(owner.formatId(), 16, 16, bytes)
                .crc32c((int) crc.getValue());
        writer.commit();
        return this;
    }

    /** Publishes and takes in at once. */
    Feed take(String id, long timeNs) {
        publish(id, timeNs).ingest.pass();
        return this;
    }

    LogCursor cursor(String id, long from, long to) {
        return new LogCursor(ingest.log(), ingest.track(id), from, to);
    }

    LadderCursor retained(String id) {
        return new LadderCursor(ingest.log(), ingest.track(id));
    }

    List<Long> sequences(String id, long from, long to) {
        var cursor = cursor(id, from, to);
        var found = new ArrayList<Long>();
        while (cursor.next()) {
            found.add(cursor.descriptor().sequence());
        }
        return found;
    }

    List<Long> sequences(String id) {
        return sequences(id, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /** In every word; what is written already is copied behind itself, which takes a tenth of the time of a loop. */
    private static void repeat(long sequence, MemorySegment words) {
        long size = words.byteSize();
        if (size >= 8) {
            words.set(ValueLayout.JAVA_LONG, 0, sequence);
        }
        for (long done = 8; done < size; done *= 2) {
            MemorySegment.copy(words, 0, words, done, Math.min(done, size - done));
        }
    }

    /** The first word is the sequence, and each other one like that before it. */
    static boolean holdsItsSequence(Item item) {
        long size = item.length() & -8;
        long at = item.offset();
        return size < 8 || item.memory().get(ValueLayout.JAVA_LONG, at) == item.descriptor().sequence()
                && MemorySegment.mismatch(item.memory(), at, at + size - 8, item.memory(), at + 8, at + size) < 0;
    }

    static int kind(int index) {
        return new int[] {Abi.ITEM_FRAME, Abi.ITEM_AUDIO, Abi.ITEM_EVENT}[index];
    }

    @Override
    public void close() {
        ingest.close(Duration.ofSeconds(1));
        owners.values().forEach(RingOwner::close);
        store.close();
    }
}
