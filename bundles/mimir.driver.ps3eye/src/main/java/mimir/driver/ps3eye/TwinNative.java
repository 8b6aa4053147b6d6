// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The emulated cameras that this process was started with (LD_PRELOAD, docs/drivers/ps3eye.md): they alone know the
 * truth. There are none beside real cameras. Thread-safe.
 */
final class TwinNative {
    private static final String TRUTH = "mimir_twin_truth";

    private final MethodHandle MH$truth;

    private TwinNative(MemorySegment truth) {
        MH$truth = Linker.nativeLinker().downcallHandle(truth, FunctionDescriptor.of(ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }

    /** Asks the dynamic linker, for nobody knows by which path they came. */
    static Optional<TwinNative> find() {
        return Linker.nativeLinker().defaultLookup().find("dlsym").map(TwinNative::ask)
                .filter(truth -> truth.address() != 0).map(TwinNative::new);
    }

    private static MemorySegment ask(MemorySegment dlsym) {
        var ask = Linker.nativeLinker().downcallHandle(dlsym, FunctionDescriptor.of(ValueLayout.ADDRESS,
                ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        try (var call = Arena.ofConfined()) {
            return (MemorySegment) ask.invokeExact(MemorySegment.NULL, call.allocateFrom(TRUTH));
        } catch (Throwable failure) {
            throw new IllegalStateException("the dynamic linker could not be asked for " + TRUTH, failure);
        }
    }

    /**
     * A stream of a camera, which is never late. Immutable.
     *
     * @param firstNs canonical time of its frame 0
     */
    record Stream(long firstNs, long periodNs) {
    }

    /** What runs at a place now. Any thread. */
    Optional<Stream> stream(Place place) {
        try (var call = Arena.ofConfined()) {
            var first = call.allocate(ValueLayout.JAVA_LONG);
            var period = call.allocate(ValueLayout.JAVA_LONG);
            int result = (int) MH$truth.invokeExact(place.bus(), place.ports(), first, period);
            return result != 0 ? Optional.empty() : Optional.of(new Stream(first.get(ValueLayout.JAVA_LONG, 0),
                    period.get(ValueLayout.JAVA_LONG, 0)));
        } catch (Throwable failure) {
            throw new IllegalStateException("the emulated cameras could not be asked", failure);
        }
    }
}
