// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import mimir.api.source.FrameSource;
import mimir.ring.Abi;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStats;
import mimir.ring.RingStore;
import mimir.ring.Start;

/**
 * A camera named {@code cam} without a device, 60 frames a second by its own host times, and a reader of every frame.
 * Confined to the thread of a test.
 */
final class Camera implements FrameSource, AutoCloseable {
    static final int BYTES = 4096;
    private static final int SLOTS = 64;
    private static final RingFormat FORMAT = new RingFormat(1, 0, 64, 64, 60, 1, List.of(0L), List.of(64), BYTES, 0);

    private final RingStore store = new RingStore(Map.of());
    private RingOwner owner = open();
    private final RingReader reader = owner.ring().reader("reservoir", Profile.EVERY, Start.OLDEST);
    private final byte[] payload = new byte[BYTES];
    private long sequence;

    private RingOwner open() {
        return store.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, BYTES, FORMAT, RingSpec.Writer.JAVA), "driver");
    }

    /** Publishes frames; with many of them, the reader keeps up. */
    void publish(int count) {
        var crc = new CRC32C();
        crc.update(payload);
        for (int i = 0; i < count; i++) {
            var writer = owner.writer();
            writer.claim();
            long at = 1_000_000_000L + Math.round(sequence * 1e9 / 60);
            writer.descriptor().sequence(sequence).hostTimeNs(at).shape(1, 64, 64, BYTES)
                    .crc32c((int) crc.getValue());
            writer.commit();
            sequence++;
            if (count > 500 && i % 32 == 0) {
                drain();
            }
        }
    }

    /** The reader of every frame reads what there is. Returns how many that were. */
    int drain() {
        int items = 0;
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            lease.verify();
            items += lease.release() ? 1 : 0;
        }
        return items;
    }

    /** Damages the payload of a frame that was published, behind the back of its checksum. */
    void damage(int slot) {
        long slab = owner.region().byteSize() - (long) SLOTS * BYTES;
        owner.region().set(ValueLayout.JAVA_BYTE, slab + (long) slot * BYTES + 11, (byte) 1);
    }

    /** The device goes. */
    void end() {
        owner.close();
    }

    /** The device comes back: the next epoch. */
    void reopen() {
        owner = open();
    }

    RingReader reader() {
        return reader;
    }

    RingStats stats() {
        return ring().stats();
    }

    @Override
    public String id() {
        return "cam";
    }

    @Override
    public String device() {
        return "test";
    }

    @Override
    public String driver() {
        return "driver";
    }

    @Override
    public Ring ring() {
        return owner.ring();
    }

    @Override
    public RingFormat format() {
        return FORMAT;
    }

    @Override
    public void close() {
        reader.close();
        owner.close();
        store.close();
    }
}
