// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;

/**
 * The functions of one {@code mimir_processor} (mimir_processor.h) of a loaded library; they end with the arena that it
 * was loaded into, which cannot be closed while a thread is inside one of them. States and calls go by address: the
 * caller keeps them alive. What an item lies in goes along behind its arguments, which the function does not look at:
 * the JVM keeps that memory until the call returns, for the reservoir may stop meanwhile. Immutable; which thread may
 * call what, the header says.
 */
final class ProcessorNative {
    private static final int ABI = 1;
    private static final int ENOENT = 2;
    private static final int ENOMEM = 12;
    private static final int ERANGE = 34;
    private static final Map<String, String> LOADED = Map.of("rgb", "libyuv (libyuv.so.0, Debian: libyuv0)");
    private static final long TABLE_BYTES = 64;
    private static final long MOST_TAIL_BYTES = 1 << 30;
    private static final long ABI_AT = 0;
    private static final long BYTES_AT = 4;
    private static final long TAIL_BYTES_AT = 16;
    private static final long CREATE_AT = 24;
    private static final long SET_AT = 32;
    private static final long DUE_AT = 40;
    private static final long PROCESS_AT = 48;
    private static final long DESTROY_AT = 56;

    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final AddressLayout P = ValueLayout.ADDRESS;
    private static final Linker LINKER = Linker.nativeLinker();
    // Their first argument is the function: one set of handles serves all tables, and the compiler knows them.
    private static final MethodHandle MH$find = LINKER.downcallHandle(FunctionDescriptor.of(P, P));
    private static final MethodHandle MH$tail_bytes = LINKER.downcallHandle(FunctionDescriptor.of(L, P, I));
    private static final MethodHandle MH$create = LINKER.downcallHandle(FunctionDescriptor.of(I, P, P));
    private static final MethodHandle MH$set = LINKER.downcallHandle(FunctionDescriptor.of(I, L, P,
            ValueLayout.JAVA_DOUBLE));
    private static final MethodHandle MH$item = LINKER.downcallHandle(FunctionDescriptor.of(I, L, L, P, P, P, P, P));
    private static final MethodHandle MH$destroy = LINKER.downcallHandle(FunctionDescriptor.ofVoid(L));

    private final String name;
    private final MemorySegment tailBytes;
    private final MemorySegment create;
    private final MemorySegment set;
    private final MemorySegment due;
    private final MemorySegment process;
    private final MemorySegment destroy;

    private ProcessorNative(String name, MemorySegment table, Arena arena) {
        this.name = name;
        tailBytes = function(table, TAIL_BYTES_AT, arena);
        create = function(table, CREATE_AT, arena);
        set = function(table, SET_AT, arena);
        due = function(table, DUE_AT, arena);
        process = function(table, PROCESS_AT, arena);
        destroy = function(table, DESTROY_AT, arena);
        if (create.address() == 0 || process.address() == 0 || destroy.address() == 0) {
            throw new IllegalStateException("the native processor " + name + " lacks create, process or destroy; fill "
                    + "its mimir_processor and build it anew");
        }
    }

    private static MemorySegment function(MemorySegment table, long at, Arena arena) {
        return table.get(P, at).reinterpret(arena, null);
    }

    /** Loads a library. Throws {@link IllegalArgumentException} when the file is none for this machine. */
    static SymbolLookup load(Path file, Arena arena) {
        return SymbolLookup.libraryLookup(file, arena);
    }

    /**
     * The processor of that name.
     *
     * @throws IllegalStateException when the library has none, or one of another release
     * @throws java.util.NoSuchElementException when it is no library of processors
     */
    static ProcessorNative find(SymbolLookup library, String name, Arena arena) {
        try (var call = Arena.ofConfined()) {
            var found = (MemorySegment) MH$find.invokeExact(library.findOrThrow("mimir_processor_find"),
                    call.allocateFrom(name));
            var table = found.equals(MemorySegment.NULL) ? null : found.reinterpret(TABLE_BYTES, arena, null);
            if (table == null || table.get(I, ABI_AT) != ABI || table.get(I, BYTES_AT) < TABLE_BYTES) {
                throw new IllegalStateException("the native library of mimir.analysis has no processor " + name
                        + " of this release; install host and fragment of the same build");
            }
            return new ProcessorNative(name, table, arena);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Most bytes of tail of a result. Control thread. */
    long tailBytes(MemorySegment format, int result) {
        if (tailBytes.address() == 0) {
            return 0;
        }
        try {
            long bytes = (long) MH$tail_bytes.invokeExact(tailBytes, format, result);
            if (bytes < 0 || bytes > MOST_TAIL_BYTES) {
                throw new IllegalStateException("the native processor " + name + " wants "
                        + Long.toUnsignedString(bytes) + " bytes for a result, and a result has "
                        + MOST_TAIL_BYTES + " at most; correct its tail_bytes");
            }
            return bytes;
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Address of a new state. Control thread. */
    long create(MemorySegment format) {
        try (var call = Arena.ofConfined()) {
            var state = call.allocate(P);
            int fault = (int) MH$create.invokeExact(create, format, state);
            if (fault == -ENOENT) {
                throw new IllegalStateException("the analyser " + name + " needs " + LOADED.getOrDefault(name,
                        "a library") + " for this format, and it is not here; install it and attach again");
            }
            if (fault < 0) {
                throw new IllegalStateException("the analyser " + name + " cannot work here (error " + -fault
                        + (fault == -ENOMEM ? ", no memory); free some"
                        : ", the format); attach it to another source"));
            }
            long made = state.get(P, 0).address();
            if (made == 0) {
                throw new IllegalStateException("the native processor " + name + " made no state and says that it did; "
                        + "let its create return -EINVAL or -ENOMEM then");
            }
            return made;
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Sets a parameter. Control thread. */
    void set(long state, String parameter, double value) {
        try (var call = Arena.ofConfined()) {
            int fault = set.address() == 0 ? -ENOENT
                    : (int) MH$set.invokeExact(set, state, call.allocateFrom(parameter), value);
            if (fault < 0) {
                throw new IllegalStateException("the analyser " + name + " does not take " + parameter + "=" + value
                        + " (error " + -fault + (fault == -ERANGE ? "); give another value"
                        : "); install host and fragment of the same build"));
            }
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Bits of the results that the item in the call will have; all when it does not say. Item; allocates nothing. */
    int due(long state, ProcessorCall call) {
        if (due.address() == 0) {
            return -1;
        }
        try {
            int results = (int) MH$item.invokeExact(due, state, call.address(), call.payload(), call.need(0),
                    call.need(1), call.need(2), call.need(3));
            if (results < 0) {
                throw refused(results);
            }
            return results;
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Looks at the item in the call. Allocates nothing. */
    void process(long state, ProcessorCall call) {
        try {
            int fault = (int) MH$item.invokeExact(process, state, call.address(), call.payload(), call.need(0),
                    call.need(1), call.need(2), call.need(3));
            if (fault < 0) {
                throw refused(fault);
            }
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    private IllegalArgumentException refused(int fault) {
        return new IllegalArgumentException("the analyser " + name + " refused an item (error " + -fault
                + "): its sizes do not fit its payload or the format of the source; see what writes the source");
    }

    /** Ends a state. Control thread; no call is going on. */
    void destroy(long state) {
        try {
            MH$destroy.invokeExact(destroy, state);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
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
