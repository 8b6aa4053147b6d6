// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import mimir.ring.Abi;
import mimir.ring.Item;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * Sources whose items repeat their sequence in every word, into an ingest of a given budget; time is what the test
 * says.
 */
final class Feed implements AutoCloseable {
    final RingStore store = new RingStore(Map.of());
    final Ingest ingest;
    final Map<String, RingOwner> owners = new LinkedHashMap<>();
    final Map<String, Long> sequences = new LinkedHashMap<>();

    Feed(long budgetBytes) {
        ingest = new Ingest(budgetBytes);
        while (ingest.log().populate(1 << 24)) {
            Thread.onSpinWait();
        }
    }

    Feed source(String id, int kind, int bytes) {
        var format = new RingFormat(1, 0, 16, 16, 60, 1, List.of(0L), List.of(16), bytes, 0);
        owners.put(id, store.open(new RingSpec(id, kind, 60, bytes, format, RingSpec.Writer.JAVA), "test"));
        ingest.add(owners.get(id).ring());
        sequences.putIfAbsent(id, 0L);
        return this;
    }

    Feed publish(String id, long timeNs) {
        var writer = owners.get(id).writer();
        int bytes = (int) owners.get(id).ring().format(1).payloadBytes();
        long sequence = sequences.merge(id, 1L, Long::sum) - 1;
        var payload = new byte[bytes];
        var words = MemorySegment.ofArray(payload);
        for (int at = 0; at + 8 <= bytes; at += 8) {
            words.set(ValueLayout.JAVA_LONG_UNALIGNED, at, sequence);
        }
        var crc = new CRC32C();
        crc.update(payload);
        writer.claim();
        writer.copyIn(words, 0, 0, bytes);
        writer.descriptor().sequence(sequence).hostTimeNs(timeNs).shape(1, 16, 16, bytes).crc32c((int) crc.getValue());
        writer.commit();
        return this;
    }

    LogCursor cursor(String id, long from, long to) {
        for (var track : ingest.tracks()) {
            if (track.id.equals(id)) {
                return new LogCursor(ingest.log(), track, from, to);
            }
        }
        throw new AssertionError(id);
    }

    List<Long> sequences(String id) {
        var cursor = cursor(id, Long.MIN_VALUE, Long.MAX_VALUE);
        var found = new ArrayList<Long>();
        while (cursor.next()) {
            found.add(cursor.descriptor().sequence());
        }
        return found;
    }

    static boolean holdsItsSequence(Item item) {
        for (long at = 0; at + 8 <= item.length(); at += 8) {
            if (item.memory().get(ValueLayout.JAVA_LONG, item.offset() + at) != item.descriptor().sequence()) {
                return false;
            }
        }
        return true;
    }

    static int kind(boolean frame) {
        return frame ? Abi.ITEM_FRAME : Abi.ITEM_AUDIO;
    }

    @Override
    public void close() {
        ingest.closeReaders();
        owners.values().forEach(RingOwner::close);
        store.close();
        ingest.log().close();
    }
}
