// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process says on standard error, in a file for a while: the shell writes to the descriptor itself and not to
 * {@code System.err}. Confined.
 */
final class StandardError implements AutoCloseable {
    private static final int STANDARD_ERROR = 2;
    private static final int OWNER_ONLY = 0600;
    private static final MethodHandle CREAT = function("creat", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle DUP = function("dup", ints(1));
    private static final MethodHandle DUP2 = function("dup2", ints(2));
    private static final MethodHandle CLOSE = function("close", ints(1));

    private final Path file;
    private final int former;

    /** From now on, into this file. */
    StandardError(Path file) {
        this.file = file;
        former = call(DUP, STANDARD_ERROR);
        try (var arena = Arena.ofConfined()) {
            int open = call(CREAT, arena.allocateFrom(file.toString()), OWNER_ONLY);
            call(DUP2, open, STANDARD_ERROR);
            call(CLOSE, open);
        }
    }

    private static FunctionDescriptor ints(int parameters) {
        var function = FunctionDescriptor.of(ValueLayout.JAVA_INT);
        for (int i = 0; i < parameters; i++) {
            function = function.appendArgumentLayouts(ValueLayout.JAVA_INT);
        }
        return function;
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        var linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            int result = (int) function.invokeWithArguments(arguments);
            if (result < 0) {
                throw new AssertionError("standard error cannot be led elsewhere");
            }
            return result;
        } catch (Error | RuntimeException failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What was said since. */
    String text() throws IOException {
        return Files.readString(file);
    }

    @Override
    public void close() {
        call(DUP2, former, STANDARD_ERROR);
        call(CLOSE, former);
    }
}
