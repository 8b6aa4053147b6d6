// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mimir.ring.RingWriter;

/**
 * The memory that an analyser writes a result into, for it may keep it and write there later. Results are written
 * beside the ring and copied into it: nothing that is kept leads to what others read. Those of analysers that declare
 * {@link mimir.api.analysis.Analysis#inPlace} and have a tail, as large as frames, are written where they lie; what is
 * kept of them leads to this stage's own results and nowhere else, and ends with the stage. Single-writer: the stage's
 * strand; made and closed by control threads.
 */
final class Slate implements AutoCloseable {
    private static final long ALIGNED = 64;

    private final RingWriter writer;
    private final long fieldBytes;
    private final boolean beside;
    private final Arena arena = Arena.ofShared(); // the strand moves between threads
    private final MemorySegment memory;

    /** @param inPlace whether results are written where they are read */
    Slate(RingWriter writer, long fieldBytes, long mostTailBytes, boolean inPlace) {
        this.writer = writer;
        this.fieldBytes = fieldBytes;
        this.beside = !inPlace;
        this.memory = beside ? arena.allocate(fieldBytes + mostTailBytes, ALIGNED)
                : writer.memory().reinterpret(arena, null);
    }

    MemorySegment memory() {
        return memory;
    }

    /** Claims the place of a result in the ring. Returns where its fields, all 0, lie in {@link #memory}. */
    long claim() {
        long at = writer.claim();
        long from = beside ? 0 : at;
        for (long word = 0; word < fieldBytes; word += Long.BYTES) {
            memory.set(ValueLayout.JAVA_LONG, from + word, 0);
        }
        return from;
    }

    /** The result is in the ring after this, and can be shown. */
    void finish(long tailBytes) {
        if (beside) {
            writer.copyIn(memory, 0, 0, fieldBytes + tailBytes);
        }
    }

    /** The strand has ended: who kept the memory is refused from now on. */
    @Override
    public void close() {
        arena.close();
    }
}
