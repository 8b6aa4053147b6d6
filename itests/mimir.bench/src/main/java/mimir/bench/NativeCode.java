// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** The C helpers of this module. Immutable. */
public final class NativeCode {
    private static final Path FOLDER = Path.of(System.getProperty("mimir.bench.native", "target/bench/native"));
    private static final String LIBRARY = "libmimir_bench.so";

    private NativeCode() {
    }

    /** A function of the library; calls to it are exact. */
    @SuppressWarnings("restricted")
    public static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        var library = SymbolLookup.libraryLookup(program(LIBRARY), Arena.global());
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type, options);
    }

    /** A program, by its name. */
    public static Path program(String name) {
        var file = FOLDER.resolve(name);
        if (!Files.exists(file)) {
            throw new BadUseException(file + " is not there: install the packages of cnf/ci-packages and build again");
        }
        return file;
    }
}
