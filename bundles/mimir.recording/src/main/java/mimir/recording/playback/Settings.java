// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.nio.file.Path;

/**
 * One device as its configuration describes it. Immutable.
 *
 * @param id identity of its source
 * @param kind pictures or WAV
 * @param path folder of the pictures, or the WAV file
 * @param stem the pictures' file names without their number and suffix
 * @param loop from the beginning again after the end
 * @param fps pictures per second
 * @param group devices of one group begin together
 * @param members how many devices the group has
 */
record Settings(String id, Kind kind, Path path, String stem, boolean loop, double fps, String group, int members) {
    static final double MOST_FPS = 1000;

    /** What is played. Immutable. */
    enum Kind {
        /** Numbered pictures of one folder. */
        IMAGES,
        /** One WAV file. */
        WAV
    }

    Settings {
        if (id.isBlank() || path.toString().isBlank()) {
            throw new IllegalArgumentException("a recorded device needs an id and a path");
        }
        if (!(fps > 0 && fps <= MOST_FPS)) {
            throw new IllegalArgumentException("fps of " + id + " must lie between 0 and 1000: " + fps);
        }
    }
}
