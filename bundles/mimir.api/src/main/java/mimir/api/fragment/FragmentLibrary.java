// SPDX-License-Identifier: Apache-2.0
package mimir.api.fragment;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.osgi.framework.BundleContext;

/**
 * Loads the library that {@code Bundle-NativeCode} of a bundle's fragment gives for this machine: a copy under a name
 * that was never used, for a loader hands back one of the same name that is still mapped, and the next incarnation of
 * the bundle would run the code of the one before. The copy has lost its name when the load is over. Confined to one
 * call; control threads; blocks, allocates.
 */
public final class FragmentLibrary {
    private static final long LOOK_NS = 1_000_000;

    private final String bundle;
    private final Path copy;

    private FragmentLibrary(String bundle, Path copy) {
        this.bundle = bundle;
        this.copy = copy;
    }

    /**
     * Loads it. Whoever calls this owns what {@code opens} made, and the arena that it lies in. There is none when it
     * is missing, cannot be copied or loaded, or does not fit.
     *
     * @param context of the bundle
     * @param loader class loader of the bundle: it alone knows which clause of which fragment holds
     * @param name of the library without prefix and suffix: {@code mimir_driver_sim}
     * @param opens opens the file, as {@link java.lang.foreign.SymbolLookup#libraryLookup(Path,
     * java.lang.foreign.Arena)} does, and looks its functions up; its code belongs to the bundle, which thereby is the
     * one that needs native access
     */
    public static <T> Loaded<T> load(BundleContext context, ClassLoader loader, String name, Function<Path, T> opens) {
        var bundle = context.getBundle().getSymbolicName();
        try {
            var library = fresh(context, bundle, loader, name);
            try {
                return new Loaded<>(library.open(opens), null);
            } finally {
                library.forget();
            }
        } catch (IOException uncopied) {
            return new Loaded<>(null, "the native library of " + bundle + " cannot be copied into the bundle cache ("
                    + uncopied.getMessage() + "); make room there");
        } catch (IllegalStateException unusable) {
            return new Loaded<>(null, unusable.getMessage());
        }
    }

    /**
     * Closes the arena of a library whose threads have ended, which unloads it. No arena can be closed while a thread
     * is inside one of its functions or hands its memory to one; such a call is short.
     *
     * @return false when one was still there at the end of {@code atMost}: the library then stays mapped
     */
    public static boolean unload(Arena arena, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            try {
                arena.close();
                return true;
            } catch (IllegalStateException acquired) {
                if (System.nanoTime() > end) {
                    return false;
                }
                LockSupport.parkNanos(LOOK_NS);
            }
        }
    }

    private static FragmentLibrary fresh(BundleContext context, String bundle, ClassLoader loader, String name)
            throws IOException {
        var chosen = find(bundle, loader, name);
        if (chosen == null) {
            throw new IllegalStateException(bundle + " has no native library for " + System.getProperty("os.name")
                    + " on " + System.getProperty("os.arch") + "; put the fragment " + bundle
                    + ".native for it beside the bundle");
        }
        var directory = context.getDataFile("");
        if (directory == null) {
            throw new IllegalStateException("the framework gives " + bundle
                    + " no folder to load its library from; start it with a cache on disk");
        }
        var copy = Files.createTempFile(directory.toPath(), name, Path.of(chosen).getFileName().toString());
        Files.copy(Path.of(chosen), copy, StandardCopyOption.REPLACE_EXISTING);
        return new FragmentLibrary(bundle, copy);
    }

    private static String find(String bundle, ClassLoader loader, String name) {
        try {
            for (Class<?> type = loader.getClass(); type != ClassLoader.class; type = type.getSuperclass()) {
                var method = declared(type);
                if (method != null && method.trySetAccessible()) {
                    return (String) method.invoke(loader, name);
                }
            }
        } catch (IllegalAccessException | InvocationTargetException refused) {
            throw new IllegalStateException("the framework does not tell where the library of " + bundle + " is: "
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

    private <T> T open(Function<Path, T> opens) {
        try {
            return opens.apply(copy);
        } catch (IllegalCallerException forbidden) {
            throw new IllegalStateException(bundle + " may not call native code; start java with "
                    + "--enable-native-access=ALL-UNNAMED", forbidden);
        } catch (IllegalArgumentException | NoSuchElementException misfit) {
            throw new IllegalStateException("the native library of " + bundle + " does not fit ("
                    + misfit.getMessage() + "); install host and fragment of the same build", misfit);
        }
    }

    /** On Windows a loaded library keeps its name until the process ends. */
    private void forget() throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            copy.toFile().deleteOnExit();
        } else {
            Files.deleteIfExists(copy);
        }
    }
}
