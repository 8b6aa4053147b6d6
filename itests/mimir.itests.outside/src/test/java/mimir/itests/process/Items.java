// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32C;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Lease;
import mimir.ring.RingFormat;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.RingWriter;

/** Items of 64 to 4,096 random bytes with their checksum, and what a reader says of each. Confined. */
final class Items {
    static final int MOST_BYTES = 4096;

    private final Random random = new Random(1);
    private final byte[] bytes = new byte[MOST_BYTES];
    private final MemorySegment payload = MemorySegment.ofArray(bytes);
    private final CRC32C crc = new CRC32C();
    private long sequence;

    static RingStore store(Path manifests) {
        return new RingStore(Map.of("manifests", manifests.toString()));
    }

    static RingSpec spec(String identity, int kind) {
        return new RingSpec(identity, kind, 60, MOST_BYTES, format(), RingSpec.Writer.NATIVE);
    }

    static RingFormat format() {
        return new RingFormat(1, 0, 64, 64, 60, 1, List.of(0L), List.of(64), MOST_BYTES, 0);
    }

    static RingSpec frames(String identity) {
        return spec(identity, Abi.ITEM_FRAME);
    }

    void write(RingWriter writer) {
        int length = 64 + 8 * random.nextInt((MOST_BYTES - 64) / 8);
        random.nextBytes(bytes);
        crc.reset();
        crc.update(bytes, 0, length);
        writer.claim();
        writer.copyIn(payload, 0, 0, length);
        writer.descriptor().sequence(sequence++).hostTimeNs(HostClock.nowNs()).shape(1, 64, 64, length)
                .crc32c((int) crc.getValue());
        writer.commit();
    }

    /** Sequence, CRC computed here, length and host time of the next item; null when there is none or it was torn. */
    String next(RingReader reader) {
        try (var lease = reader.next()) {
            return lease == null ? null : text(lease);
        }
    }

    private String text(Lease lease) {
        var item = lease.descriptor();
        int length = (int) item.payloadBytes();
        MemorySegment.copy(lease.memory(), ValueLayout.JAVA_BYTE, lease.offset(), bytes, 0, length);
        crc.reset();
        crc.update(bytes, 0, length);
        return item.sequence() + " " + crc.getValue() + " " + length + " " + item.hostTimeNs();
    }

    /** True when the payload is what the checksum says; false also when the item has none. */
    static boolean isSound(Lease lease) {
        return lease.descriptor().has(Descriptor.CRC) && switch (lease.verify()) {
            case RIGHT, OVERTAKEN -> true;
            case WRONG, ABSENT -> false;
        };
    }
}
