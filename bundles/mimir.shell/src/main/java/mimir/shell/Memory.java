// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.OptionalLong;
import org.osgi.service.log.Logger;

/**
 * What the shell must know after an update of its bundle, or of one that it needs: that the rig of this process is up,
 * since when, and how many commands of a run have begun. It lies in the bundle's data area, which survives both and
 * ends with the process. Confined to the shell's worker once it is made.
 */
final class Memory {
    private final File file;
    private final String start;
    private final Logger log;
    private final OptionalLong former;
    private long sinceNs;
    private int begun;

    /**
     * Of one start of the platform.
     *
     * @param file null for one that forgets
     * @param start which one: what another start has left behind is none of its business
     */
    Memory(File file, String start, Logger log) {
        this.file = file;
        this.start = start;
        this.log = log;
        this.former = read();
    }

    private OptionalLong read() {
        if (file == null || !file.exists()) {
            return OptionalLong.empty();
        }
        // A stream, because the thread of the command that updates this bundle may be interrupted by now.
        try (var in = new FileInputStream(file)) {
            var words = new String(in.readAllBytes(), StandardCharsets.US_ASCII).split(" ");
            if (!words[0].equals(start)) {
                return OptionalLong.empty();
            }
            sinceNs = Long.parseLong(words[1]);
            begun = Integer.parseInt(words[2]);
            return OptionalLong.of(sinceNs);
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            log.warn("the shell does not remember its run, and begins it anew", e);
            return OptionalLong.empty();
        }
    }

    /** {@code System.nanoTime} when a former life of this bundle saw the rig come up; empty in the first. */
    OptionalLong former() {
        return former;
    }

    /** The rig is up. */
    void keep(long ns) {
        sinceNs = ns;
        write();
    }

    /** How many commands of the run have begun, in all lives: none of them begins twice. */
    int begun() {
        return begun;
    }

    /** One more begins. */
    void begin() {
        begun++;
        write();
    }

    private void write() {
        try {
            if (file != null) {
                Files.writeString(file.toPath(), start + " " + sinceNs + " " + begun);
            }
        } catch (IOException e) {
            log.warn("the shell will not remember this run: an update of it would begin the run anew", e);
        }
    }
}
