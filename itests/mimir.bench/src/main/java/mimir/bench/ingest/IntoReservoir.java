// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ingest;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import mimir.ring.MappedMemory;
import mimir.ring.Ring;

/** The reservoir without its threads; nobody else drives this part, so it is reached by its name. Confined. */
final class IntoReservoir {
    private static final long STEP = 64L << 20;

    private final MethodHandle pass;
    private final MethodHandle add;

    /** With all of its pages. */
    IntoReservoir(long budgetBytes) {
        try {
            var type = Class.forName("mimir.reservoir.Ingest");
            var log = Class.forName("mimir.reservoir.ReservoirLog");
            var inside = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
            var ingest = inside.findConstructor(type, MethodType.methodType(void.class, long.class))
                    .invoke(budgetBytes);
            var memory = inside.findVirtual(type, "log", MethodType.methodType(log)).invoke(ingest);
            var populate = inside.findVirtual(log, "populate", MethodType.methodType(boolean.class, long.class));
            while ((boolean) populate.invoke(memory, STEP)) {
                Thread.onSpinWait();
            }
            add = inside.findVirtual(type, "add", MethodType.methodType(int.class, Ring.class)).bindTo(ingest);
            pass = inside.findVirtual(type, "pass", MethodType.methodType(int.class)).bindTo(ingest);
        } catch (Throwable e) {
            throw new IllegalStateException("the reservoir cannot be driven", e);
        }
    }

    /** Memory as the reservoir has it. */
    static MappedMemory pages(long bytes) {
        var memory = MappedMemory.anonymous(bytes);
        for (long at = 0; at < bytes; at += STEP) {
            memory.populate(at, Math.min(STEP, bytes - at));
        }
        return memory;
    }

    void add(Ring ring) {
        try {
            if ((int) add.invokeExact(ring) < 0) {
                throw new IllegalStateException("the reservoir did not take the source");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the reservoir did not take the source", e);
        }
    }

    /** Takes in what is there; returns how many items that were. */
    int pass() {
        try {
            return (int) pass.invokeExact();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the reservoir did not take anything in", e);
        }
    }
}
