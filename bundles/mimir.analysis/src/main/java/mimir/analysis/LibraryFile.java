// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.osgi.framework.BundleContext;

/**
 * A copy of the native library under a name that was never used, so that a loader does not hand back one that is
 * still mapped. Once it is loaded, {@link #close} takes the name away. Confined to one activation.
 *
 * @param path where it lies
 */
record LibraryFile(Path path) implements AutoCloseable {
    private static final String LIBRARY = "mimir_analysis";

    /**
     * Copies the library that {@code Bundle-NativeCode} of the fragment gives for this machine.
     *
     * @throws IllegalStateException with one sentence when there is none
     */
    static LibraryFile fresh(BundleContext context, ClassLoader loader) throws IOException {
        var chosen = find(loader);
        if (chosen == null) {
            throw new IllegalStateException("the analysers of Mimir have no native library for "
                    + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                    + "; put the fragment mimir.analysis.native for it beside mimir.analysis");
        }
        var directory = context.getDataFile("");
        if (directory == null) {
            throw new IllegalStateException("the framework gives mimir.analysis no folder to load its library from; "
                    + "start it with a cache on disk");
        }
        var copy = Files.createTempFile(directory.toPath(), LIBRARY, Path.of(chosen).getFileName().toString());
        Files.copy(Path.of(chosen), copy, StandardCopyOption.REPLACE_EXISTING);
        return new LibraryFile(copy);
    }

    /** Only the class loader of the framework knows which clause of which fragment holds. */
    private static String find(ClassLoader loader) {
        try {
            for (Class<?> type = loader.getClass(); type != ClassLoader.class; type = type.getSuperclass()) {
                var method = declared(type);
                if (method != null && method.trySetAccessible()) {
                    return (String) method.invoke(loader, LIBRARY);
                }
            }
        } catch (IllegalAccessException | InvocationTargetException refused) {
            throw new IllegalStateException("the framework does not tell where the library of mimir.analysis is: "
                    + refused.getMessage(), refused);
        }
        return null;
    }

    private static Method declared(Class<?> type) {
        for (var method : type.getDeclaredMethods()) {
            if (method.getName().equals("findLibrary") && method.getParameterCount() == 1) {
                return method;
            }
        }
        return null;
    }

    /** Removes the name; on Windows, where a loaded library keeps it, when the process ends. */
    @Override
    public void close() throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            path.toFile().deleteOnExit();
        } else {
            Files.deleteIfExists(path);
        }
    }
}
