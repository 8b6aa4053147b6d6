// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import mimir.ring.RingSpec;

/**
 * What a rig says of its rings ({@code rings}). Immutable.
 *
 * @param directory absolute path of the directory for rings in files, or null
 * @param seconds how long rings last, s, or null for their default
 */
record RigRings(Path directory, Double seconds) {
    /** @param rings the object, or null when there is none */
    static RigRings read(RigText text, Members rings) {
        if (rings == null) {
            return new RigRings(null, null);
        }
        var dir = rings.textOrNone("dir", "a directory");
        var seconds = rings.numberOrNone("seconds");
        rings.end("rings");
        if (dir == null && seconds == null) {
            throw text.fault("rings", "has neither dir nor seconds; give one or leave rings out");
        }
        if (seconds != null && !(seconds >= RingSpec.LEAST_SECONDS && seconds <= RingSpec.MOST_SECONDS)) {
            throw text.fault("rings.seconds", "is " + seconds + ", but rings last from 0.5 to 10 s; give such a number"
                    + " or leave it out");
        }
        return new RigRings(dir == null ? null : directory(text, dir), seconds);
    }

    private static Path directory(RigText text, String dir) {
        try {
            var path = Path.of(dir).toAbsolutePath();
            if (!Files.isDirectory(path)) {
                throw text.fault("rings.dir", dir + " is not a directory; make it or leave rings out");
            }
            if (!Files.isWritable(path)) {
                throw text.fault("rings.dir", dir + " is not writable; name a directory of yours or leave rings out");
            }
            return path;
        } catch (InvalidPathException noPath) {
            throw text.fault("rings.dir", "'" + dir + "' cannot be a path; name a directory or leave rings out");
        }
    }

    /** As they are written in a rig and in the configuration of the rings; empty when it says nothing. */
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        if (directory != null) {
            members.put("dir", directory.toString());
        }
        if (seconds != null) {
            members.put("seconds", seconds);
        }
        return members;
    }

    /**
     * Memory of a ring that was planned for the default, bytes: the same where that lasts long enough already, else as
     * many times as its slots, a power of two, have to be doubled.
     *
     * @param bytes of the planned ring
     * @param lasts how long the planned ring lasts, s
     */
    long bytes(long bytes, double lasts) {
        double scaled = bytes;
        for (double longer = lasts; seconds != null && longer < seconds; longer *= 2) {
            scaled *= 2;
        }
        return (long) scaled;
    }
}
