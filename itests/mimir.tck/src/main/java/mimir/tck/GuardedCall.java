// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Flyweight;
import mimir.api.analysis.Input;

/**
 * What an analyser is handed for one call, in memory that ends with the call: whoever uses it later gets an exception,
 * not the bytes of another item. Confined.
 */
final class GuardedCall {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofConfined();
    private final Set<Object> handed = Collections.newSetFromMap(new IdentityHashMap<>());
    private final GuardedInput input;
    private final GuardedAttacher results;
    private boolean over;

    GuardedCall(Input input, Attacher results, Watch watch) {
        this.input = hand(new GuardedInput(input, this));
        this.results = hand(new GuardedAttacher(results, this, watch));
    }

    Input input() {
        return input;
    }

    Attacher results() {
        return results;
    }

    /** Remembers what is handed out. */
    <T> T hand(T something) {
        handed.add(something);
        return something;
    }

    /** Memory that ends with the call. */
    MemorySegment memory(long bytes) {
        return arena.allocate(Math.max(1, bytes), ALIGNMENT);
    }

    /** A copy of a stretch of memory that ends with the call, read-only. */
    MemorySegment copy(MemorySegment from, long offset, long bytes) {
        var copy = memory(bytes);
        MemorySegment.copy(from, offset, copy, 0, bytes);
        return copy.asReadOnly();
    }

    /** A copy of an attachment that ends with the call; writable when it is not filled yet. */
    <T extends Attachment> T twin(Class<T> type, T original, boolean filled) {
        long fields = AttachmentLayout.of(type).bytes();
        long bytes = fields + original.tailBytes();
        var memory = filled ? copy(original.memory(), original.offset(), bytes) : memory(bytes);
        var twin = hand(AttachmentLayout.flyweight(type));
        ((Flyweight) twin).lay(memory, 0, original.tailBytes());
        return twin;
    }

    void check(String what) {
        if (over) {
            throw new IllegalStateException(what + " was used after analyze had returned");
        }
    }

    /** The call returned: what it attached goes where it belongs. */
    void handOver() {
        results.handOver();
    }

    /** Everything that was handed out ends. */
    void end() {
        over = true;
        arena.close();
    }

    /** True for something that was handed out, or memory of it. */
    boolean handedOut(Object something) {
        return handed.contains(something)
                || something instanceof MemorySegment memory && memory.scope().equals(arena.scope());
    }
}
