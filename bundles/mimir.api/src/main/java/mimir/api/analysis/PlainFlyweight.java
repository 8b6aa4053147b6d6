// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

import java.lang.foreign.MemorySegment;

/** An attachment of which only the layout is known. Confined to one thread. */
final class PlainFlyweight implements Flyweight {
    private final long bytes;
    private MemorySegment memory;
    private long offset;
    private long tailBytes;

    PlainFlyweight(AttachmentLayout layout) {
        bytes = layout.bytes();
    }

    @Override
    public void lay(MemorySegment memory, long offset, long tailBytes) {
        this.memory = memory;
        this.offset = offset;
        this.tailBytes = tailBytes;
    }

    @Override
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long tailOffset() {
        return offset + bytes;
    }

    @Override
    public long tailBytes() {
        return tailBytes;
    }
}
