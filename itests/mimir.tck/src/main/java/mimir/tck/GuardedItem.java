// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import mimir.ring.Descriptor;
import mimir.ring.Item;
import mimir.ring.RingFormat;

/** A copy of an item that ends with a call. Confined. */
final class GuardedItem implements Item {
    private final GuardedCall call;
    private final Descriptor descriptor;
    private final RingFormat format;
    private final MemorySegment memory;
    private final long length;

    GuardedItem(Item original, GuardedCall call) {
        this.call = call;
        this.descriptor = call.hand(new Descriptor().load(original.descriptor()));
        this.format = original.format();
        this.length = original.length();
        this.memory = call.copy(original.memory(), original.offset(), length);
    }

    @Override
    public Descriptor descriptor() {
        call.check("an item");
        return descriptor;
    }

    @Override
    public RingFormat format() {
        call.check("an item");
        return format;
    }

    @Override
    public MemorySegment memory() {
        call.check("an item");
        return memory;
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public long length() {
        call.check("an item");
        return length;
    }

    @Override
    public boolean intact() {
        call.check("an item");
        return true;
    }
}
