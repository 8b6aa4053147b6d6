// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The functions of mimir_ps3eye.h in one loaded library; they end with the arena that it was loaded into. Results are
 * those of C: 0 or more, or a negative errno. Control thread, one at a time, but for {@link #await}, {@link #events}
 * and the tables; nothing here is for a hot loop.
 */
final class Ps3EyeNative {
    private static final long TEXT_BYTES = 512;

    private static final ValueLayout.OfInt I = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong L = ValueLayout.JAVA_LONG;
    private static final AddressLayout P = ValueLayout.ADDRESS;

    private final SymbolLookup library;
    private final MethodHandle MH$modeAt;
    private final MethodHandle MH$controlAt;
    private final MethodHandle MH$open;
    private final MethodHandle MH$list;
    private final MethodHandle MH$events;
    private final MethodHandle MH$wait;
    private final MethodHandle MH$add;
    private final MethodHandle MH$attach;
    private final MethodHandle MH$start;
    private final MethodHandle MH$set;
    private final MethodHandle MH$get;
    private final MethodHandle MH$remove;
    private final MethodHandle MH$stop;
    private final MethodHandle MH$close;

    /**
     * Loads a library.
     *
     * @throws IllegalArgumentException when the file is no library for this machine
     * @throws java.util.NoSuchElementException when it lacks one of the functions
     */
    Ps3EyeNative(Path file, Arena arena) {
        library = SymbolLookup.libraryLookup(file, arena);
        MH$modeAt = function("mimir_ps3eye_mode_at", FunctionDescriptor.of(I, L, P));
        MH$controlAt = function("mimir_ps3eye_control_at", FunctionDescriptor.of(I, L, P));
        MH$open = function("mimir_ps3eye_open", FunctionDescriptor.of(I, P, P, P, P, P, L));
        MH$list = function("mimir_ps3eye_list", FunctionDescriptor.of(I, P, P, L));
        MH$events = function("mimir_ps3eye_events", FunctionDescriptor.of(I, P, P, L));
        MH$wait = function("mimir_ps3eye_wait", FunctionDescriptor.of(L, P, L, L));
        MH$add = function("mimir_ps3eye_add", FunctionDescriptor.of(I, P, P, P, L, P, P));
        MH$attach = function("mimir_ps3eye_attach", FunctionDescriptor.of(I, P, I, L, L));
        MH$start = function("mimir_ps3eye_start", FunctionDescriptor.of(I, P, I, L));
        MH$set = function("mimir_ps3eye_set", FunctionDescriptor.of(I, P, I, P, L));
        MH$get = function("mimir_ps3eye_get", FunctionDescriptor.of(I, P, I, L, P));
        MH$remove = function("mimir_ps3eye_remove", FunctionDescriptor.of(I, P, I, L));
        MH$stop = function("mimir_ps3eye_stop", FunctionDescriptor.of(I, P, L));
        MH$close = function("mimir_ps3eye_close", FunctionDescriptor.of(I, P));
    }

    private MethodHandle function(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    /** All modes, in the order of the native table. Any thread. */
    List<Mode> modes() {
        return table(MH$modeAt, Struct.MODE, (index, memory) -> Mode.of(index, memory));
    }

    /** All controls. Any thread. */
    List<Knob> knobs() {
        return table(MH$controlAt, Struct.RANGE, (index, memory) -> Knob.of(memory));
    }

    private interface Row<T> {
        T of(int index, MemorySegment memory);
    }

    private static <T> List<T> table(MethodHandle function, Struct struct, Row<T> row) {
        var rows = new ArrayList<T>();
        try (var call = Arena.ofConfined()) {
            var memory = call.allocate(struct.bytes(), Long.BYTES);
            while ((int) function.invokeExact((long) rows.size(), memory) == 0) {
                rows.add(row.of(rows.size(), memory));
            }
            return List.copyOf(rows);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /**
     * An engine; {@code status} lives as long as it.
     *
     * @param libusb its path; null: the system's
     * @throws IllegalStateException with the library's own sentence
     */
    MemorySegment open(String threadPrefix, MemorySegment status, String libusb) {
        try (var call = Arena.ofConfined()) {
            var engine = call.allocate(P);
            var text = call.allocate(TEXT_BYTES);
            var path = libusb == null ? MemorySegment.NULL : call.allocateFrom(libusb);
            int result = (int) MH$open.invokeExact(engine, call.allocateFrom(threadPrefix), status, path, text,
                    TEXT_BYTES);
            if (result < 0) {
                throw new IllegalStateException(text.getString(0));
            }
            return engine.get(P, 0);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** What is plugged in; throws as {@link Refusals#ofCall}. */
    List<UsbDevice> list(MemorySegment engine) {
        return fetched("mimir_ps3eye_list", MH$list, engine, Struct.DEVICE, 64, UsbDevice::of);
    }

    /** Arrivals and removals of cameras since the last call, 32 at a time. One thread, beside the others. */
    List<PlugEvent> events(MemorySegment engine) {
        return fetched("mimir_ps3eye_events", MH$events, engine, Struct.EVENT, 32, PlugEvent::of);
    }

    private static <T> List<T> fetched(String name, MethodHandle function, MemorySegment engine, Struct struct,
            long most, Function<MemorySegment, T> row) {
        try (var call = Arena.ofConfined()) {
            var memory = call.allocate(struct.bytes() * most, Long.BYTES);
            int found = (int) function.invokeExact(engine, memory, most);
            if (found < 0) {
                throw Refusals.ofCall(name, found);
            }
            if (found > most) {
                return fetched(name, function, engine, struct, found + 16L, row);
            }
            return memory.elements(MemoryLayout.sequenceLayout(struct.bytes() / Long.BYTES, L))
                    .limit(found).map(row).toList();
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Sleeps until something changed since {@code seen}, or {@code timeoutNs} passed. Any thread. */
    long await(MemorySegment engine, long seen, long timeoutNs) {
        try {
            return (long) MH$wait.invokeExact(engine, seen, timeoutNs);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    int add(MemorySegment engine, MemorySegment config, MemorySegment region, MemorySegment hints,
            MemorySegment counts) {
        try {
            return (int) MH$add.invokeExact(engine, config, region, region.byteSize(), hints, counts);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    int attach(MemorySegment engine, int camera, Place place) {
        try {
            return (int) MH$attach.invokeExact(engine, camera, place.bus(), place.ports());
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    int start(MemorySegment engine, int camera, long timeoutNs) {
        try {
            return (int) MH$start.invokeExact(engine, camera, timeoutNs);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    int set(MemorySegment engine, int camera, Map<Knob, Long> values) {
        try (var call = Arena.ofConfined()) {
            var memory = call.allocate(Struct.SETTING.bytes() * Math.max(1, values.size()), Long.BYTES);
            long at = 0;
            for (var value : values.entrySet()) {
                var one = memory.asSlice(at, Struct.SETTING.bytes());
                Struct.SETTING.put(one, "control", value.getKey().number());
                Struct.SETTING.put(one, "value", value.getValue());
                at += Struct.SETTING.bytes();
            }
            return (int) MH$set.invokeExact(engine, camera, memory, (long) values.size());
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    /** Reads a control into {@code value}, 8 bytes. */
    int get(MemorySegment engine, int camera, long control, MemorySegment value) {
        try {
            return (int) MH$get.invokeExact(engine, camera, control, value);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    int remove(MemorySegment engine, int camera, long timeoutNs) {
        try {
            return (int) MH$remove.invokeExact(engine, camera, timeoutNs);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    int stop(MemorySegment engine, long timeoutNs) {
        try {
            return (int) MH$stop.invokeExact(engine, timeoutNs);
        } catch (Throwable failure) {
            throw rethrow(failure);
        }
    }

    int close(MemorySegment engine) {
        try {
            return (int) MH$close.invokeExact(engine);
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
