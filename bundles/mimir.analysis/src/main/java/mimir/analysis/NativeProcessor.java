// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import mimir.ring.RingFormat;

/**
 * A state of a native processor with the memory of its calls. Whoever works with it enters before and leaves after;
 * {@link #close}, which any thread may call, lets such work end first: then the state is destroyed by the one who
 * leaves. So a state is never used after its end, whatever order bundles stop in. All else is confined to whoever has
 * entered.
 */
final class NativeProcessor implements AutoCloseable {
    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int CLOSING = 2;
    private static final int CLOSED = 3;
    private static final VarHandle USE = use();

    private final ProcessorNative functions;
    private final Consumer<NativeProcessor> ended;
    private final Arena arena = Arena.ofShared();
    private final ProcessorCall call = new ProcessorCall(arena);
    private final long state;
    private int use; // by USE only

    /**
     * Makes a state.
     *
     * @param ended is told when the state has been destroyed
     * @throws IllegalStateException when the processor cannot work on such items
     */
    NativeProcessor(ProcessorNative functions, RingFormat format, Consumer<NativeProcessor> ended) {
        this.functions = functions;
        this.ended = ended;
        ProcessorCall.format(call.format(), format);
        try {
            state = functions.create(call.format());
        } catch (RuntimeException unable) {
            arena.close();
            throw unable;
        }
    }

    private static VarHandle use() {
        try {
            return MethodHandles.lookup().findVarHandle(NativeProcessor.class, "use", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Control thread, before the first item. */
    void set(String parameter, double value) {
        functions.set(state, parameter, value);
    }

    /** False when it is closed; else {@link #leave} must follow. Allocates nothing. */
    boolean enter() {
        return USE.compareAndSet(this, IDLE, BUSY);
    }

    void leave() {
        if (!USE.compareAndSet(this, BUSY, IDLE)) {
            free();
        }
    }

    ProcessorCall call() {
        return call;
    }

    /** See {@link ProcessorNative#due}. */
    int due() {
        return functions.due(state, call);
    }

    /** See {@link ProcessorNative#process}. */
    void process() {
        functions.process(state, call);
    }

    /** Ends it, at once or when the work in hand is done. Does not wait. */
    @Override
    public void close() {
        int now;
        do {
            now = (int) USE.getVolatile(this);
            if (now >= CLOSING) {
                return;
            }
        } while (!USE.compareAndSet(this, now, now == IDLE ? CLOSED : CLOSING));
        if (now == IDLE) {
            free();
        }
    }

    private void free() {
        USE.setVolatile(this, CLOSED);
        functions.destroy(state);
        arena.close();
        ended.accept(this);
    }
}
