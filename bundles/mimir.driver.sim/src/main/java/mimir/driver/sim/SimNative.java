// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The functions of mimir_sim.h in one loaded library; they end with the arena that it was loaded into. The handles
 * are not static: a library is loaded afresh for each activation. Control thread, one at a time; nothing here is for
 * a hot loop.
 */
final class SimNative {
    /** Bytes of {@code mimir_sim_status}: thread ids of the families, then their item counts. */
    static final long STATUS_BYTES = 64;
    static final long STATUS_TID = 0;
    static final long STATUS_ITEMS = 16;

    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final AddressLayout P = ValueLayout.ADDRESS;

    private final SymbolLookup library;
    private final MethodHandle MH$open;
    private final MethodHandle MH$add;
    private final MethodHandle MH$start;
    private final MethodHandle MH$remove;
    private final MethodHandle MH$stop;
    private final MethodHandle MH$close;

    /**
     * Loads a library.
     *
     * @throws IllegalArgumentException when the file is no library for this machine
     * @throws java.util.NoSuchElementException when it lacks one of the functions
     */
    SimNative(Path file, Arena arena) {
        library = SymbolLookup.libraryLookup(file, arena);
        MH$open = function("mimir_sim_open", FunctionDescriptor.of(I, P, P, P));
        MH$add = function("mimir_sim_add", FunctionDescriptor.of(I, P, P, P, L, P, P, P));
        MH$start = function("mimir_sim_start", FunctionDescriptor.of(I, P, I, L));
        MH$remove = function("mimir_sim_remove", FunctionDescriptor.of(I, P, I, L));
        MH$stop = function("mimir_sim_stop", FunctionDescriptor.of(I, P, L));
        MH$close = function("mimir_sim_close", FunctionDescriptor.of(I, P));
    }

    private MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    /** An engine; {@code status} lives as long as it. */
    MemorySegment open(String threadPrefix, MemorySegment status) {
        try (var call = Arena.ofConfined()) {
            var engine = call.allocate(P);
            expect("mimir_sim_open(" + threadPrefix + ")",
                    (int) MH$open.invokeExact(engine, call.allocateFrom(threadPrefix), status));
            return engine.get(P, 0);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** A handle of a device that does not run yet; {@code controls} may be {@link MemorySegment#NULL}. */
    int add(MemorySegment engine, MemorySegment config, MemorySegment region, MemorySegment hints,
            MemorySegment truth, MemorySegment controls) {
        try {
            return expect("mimir_sim_add", (int) MH$add.invokeExact(engine, config, region, region.byteSize(), hints,
                    truth, controls));
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Starts a device, and its family's worker with the first. */
    void start(MemorySegment engine, int device, long timeoutNs) {
        try {
            expect("mimir_sim_start(" + device + ")", (int) MH$start.invokeExact(engine, device, timeoutNs));
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** False when the worker did not answer: it may write on for ever. */
    boolean remove(MemorySegment engine, int device, long timeoutNs) {
        try {
            return (int) MH$remove.invokeExact(engine, device, timeoutNs) == 0;
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /**
     * Joins the workers and frees the engine. False when a worker did not end: everything must stay where it is for
     * ever.
     */
    boolean stopAndClose(MemorySegment engine, long timeoutNs) {
        try {
            return (int) MH$stop.invokeExact(engine, timeoutNs) == 0 && (int) MH$close.invokeExact(engine) == 0;
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    private static int expect(String call, int result) {
        if (result < 0) {
            throw new IllegalStateException(call + " failed with error " + -result + " (" + meaning(-result) + "); "
                    + (hangs(-result) ? "swap " + SimDriver.NAME + " to get a new thread"
                            : "take the device out of the rig or correct its scenario"));
        }
        return result;
    }

    private static boolean hangs(int errno) {
        return errno == 110 || errno == 138;
    }

    /** Numbers of errno that the library uses, for the log; those above 40 differ between systems. */
    private static String meaning(int errno) {
        return switch (errno) {
            case 11 -> "EAGAIN: no more threads";
            case 12 -> "ENOMEM: no memory";
            case 22 -> "EINVAL: a value that the library does not take";
            case 28 -> "ENOSPC: too many devices";
            case 110, 138 -> "ETIMEDOUT: its thread does not answer";
            case 71, 134 -> "EPROTO: another version of the ring";
            default -> "unexpected";
        };
    }

    private static RuntimeException rethrow(Throwable failure) {
        return switch (failure) {
            case RuntimeException known -> known;
            case Error fatal -> throw fatal;
            default -> new IllegalStateException("a call into the native library failed: " + failure.getMessage(),
                    failure);
        };
    }
}
