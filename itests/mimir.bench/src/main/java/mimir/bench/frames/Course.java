// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import mimir.bench.Scale;

/**
 * How many frames a trial sends and when: first some as fast as they go, so that the compiler wants all that is used,
 * then some in the way of the trial, while it compiles, then those that count. Immutable.
 *
 * @param fast frames as fast as they go; they do not count
 * @param settling frames that go as those that count, and do not count
 * @param frames those that count
 * @param fps of all but the first; 0: as fast as they go
 */
record Course(int fast, int settling, int frames, int fps) {

    /** The whole or a small part of it. */
    Course of(Scale scale) {
        return new Course(scale.of(fast), settling == 0 ? 0 : scale.of(settling), scale.of(frames), fps);
    }

    /** The first frame that counts. */
    long first() {
        return fast + settling;
    }

    /** All of them. */
    long end() {
        return first() + frames;
    }

    boolean paced(long frame) {
        return fps > 0 && frame >= fast;
    }

    /** When a paced frame is due, ns after those before them went. */
    long due(long frame) {
        return (frame - fast + 1) * 1_000_000_000L / fps;
    }
}
