// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/** A ring of events, or of frames, of this process; others find it by its manifest. Thread-safe. */
public final class EventRing implements AutoCloseable {
    private static final int CODE_EVENT = 513;

    private final RingStore store;
    private final RingOwner owner;

    /** Rings of 64-byte events. */
    public EventRing(String identity) {
        this(Map.of(), spec(identity, 64, RingSpec.Writer.JAVA));
    }

    /** Found by others in {@code folder}. */
    public EventRing(String identity, Path folder) {
        this(Map.of("manifests", folder.toString()), spec(identity, 64, RingSpec.Writer.JAVA));
    }

    /** Written by Java or by C. */
    public EventRing(String identity, RingSpec.Writer writer) {
        this(Map.of(), spec(identity, 64, writer));
    }

    /** Of anything. */
    public EventRing(Map<String, ?> configuration, RingSpec spec) {
        store = new RingStore(configuration);
        owner = store.open(spec, "mimir.bench");
    }

    private static RingSpec spec(String identity, long payloadBytes, RingSpec.Writer writer) {
        var format = new RingFormat(CODE_EVENT, 0, 1, 1, 1000, 1, List.of(0L), List.of((int) payloadBytes),
                payloadBytes,
                0);
        return new RingSpec(identity, Abi.ITEM_EVENT, 1000, payloadBytes, format, writer);
    }

    /** Who writes it. */
    public RingOwner owner() {
        return owner;
    }

    @Override
    public void close() {
        owner.close();
        store.close();
    }
}
