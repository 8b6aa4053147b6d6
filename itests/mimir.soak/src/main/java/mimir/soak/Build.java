// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import mimir.api.BadInputException;

/**
 * One build of the simulated driver, as files to be swapped in. Immutable.
 *
 * @param name as the library exports it
 * @param files jars of host and fragment
 * @param library bytes of the library in the fragment
 */
record Build(String name, List<Path> files, byte[] library) {
    private static final String ENTRY = "META-INF/native/linux-x86-64/libmimir_driver_sim.so";

    /** Reads one from the folder that the build of this room has filled. */
    static Build read(Path parts, String name) {
        var fragment = parts.resolve(name).resolve("mimir.driver.sim.native.jar");
        var host = parts.resolve("mimir.driver.sim.jar");
        if (!Files.exists(host) || !Files.exists(fragment)) {
            throw new BadInputException("there is no " + fragment + ": build itests/mimir.soak");
        }
        try (var jar = new ZipFile(fragment.toFile()); var library = jar.getInputStream(jar.getEntry(ENTRY))) {
            return new Build(name, List.of(host, fragment), library.readAllBytes());
        } catch (IOException unreadable) {
            throw new BadInputException(fragment + " cannot be read (" + unreadable.getMessage()
                    + "): build itests/mimir.soak anew");
        }
    }

    /** Whether this is what is mapped: the name that it exports, and all of its code, byte for byte. */
    boolean is(MappedLibrary mapped) {
        return name.equals(mapped.build()) && mapped.code().length > 0 && holds(mapped.code());
    }

    /** Code lies in the file as in memory, from the start of a page; behind its end a page of the file goes on. */
    private boolean holds(byte[] code) {
        for (int at = 0; at < library.length; at += 4096) {
            int length = Math.min(code.length, library.length - at);
            if (Arrays.equals(library, at, at + length, code, 0, length)) {
                return true;
            }
        }
        return false;
    }
}
