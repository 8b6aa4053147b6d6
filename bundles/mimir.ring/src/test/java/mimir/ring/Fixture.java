// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Rings of small items whose payload repeats their sequence, with a right checksum. */
final class Fixture implements AutoCloseable {
    static final int WORDS = 32;
    static final long PAYLOAD = WORDS * 8L;
    final RingStore store;
    RingOwner owner;
    final RingWriter writer;
    long sequence;

    Fixture() {
        this(Map.of());
    }

    Fixture(Map<String, ?> configuration) {
        this(configuration, RingSpec.Writer.JAVA);
    }

    /** Written by Java in any case: readers here of a ring for C sleep as those of another process do. */
    Fixture(Map<String, ?> configuration, RingSpec.Writer writtenBy) {
        store = new RingStore(configuration);
        var spec = new RingSpec("test.frames", Abi.ITEM_FRAME, 60, PAYLOAD, format(PAYLOAD), writtenBy);
        owner = store.open(spec, "test");
        writer = owner.writer();
    }

    static RingSpec spec(String identity, long payloadBytes) {
        return new RingSpec(identity, Abi.ITEM_FRAME, 60, payloadBytes, format(payloadBytes), RingSpec.Writer.JAVA);
    }

    static RingFormat format(long payloadBytes) {
        return new RingFormat(1, 0, 16, 16, 60, 1, List.of(0L), List.of(16), payloadBytes, 0);
    }

    Fixture write(int items) {
        for (int i = 0; i < items; i++) {
            fill(writer, sequence++);
            writer.commit();
        }
        return this;
    }

    static void fill(RingWriter writer, long sequence) {
        var payload = new byte[(int) PAYLOAD];
        var words = MemorySegment.ofArray(payload);
        for (int word = 0; word < WORDS; word++) {
            words.set(ValueLayout.JAVA_LONG_UNALIGNED, 8L * word, sequence);
        }
        // over our own bytes: the slot may lie in a file that somebody cuts, which the checksum stub does not survive
        var crc = new CRC32C();
        crc.update(payload);
        writer.claim();
        writer.copyIn(words, 0, 0, PAYLOAD);
        writer.descriptor().sequence(sequence).hostTimeNs(HostClock.nowNs()).shape(1, 16, 16,
                PAYLOAD).crc32c((int) crc.getValue());
    }

    /** True when every word of the payload is the item's sequence. */
    static boolean holdsItsSequence(Lease lease) {
        for (int word = 0; word < WORDS; word++) {
            if (lease.memory().get(ValueLayout.JAVA_LONG, lease.offset()
                    + 8L * word) != lease.descriptor().sequence()) {
                return false;
            }
        }
        return true;
    }

    RingReader reader(Profile profile) {
        return owner.ring().reader("reader", profile, Start.OLDEST);
    }

    @Override
    public void close() {
        owner.close();
        store.close();
    }
}
