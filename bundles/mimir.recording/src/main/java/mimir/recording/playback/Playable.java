// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;

/** A device as the workers of {@link Playback} see it; they call it on the decoder's thread. Thread-safe. */
interface Playable {
    /** What was configured. Any thread. */
    Settings settings();

    /**
     * Opens recording and ring, and publishes the source. May block for some 100 ms.
     *
     * @throws IOException with one sentence when there is nothing to play
     */
    Player open() throws IOException;

    /**
     * The device cannot play, or not any more.
     *
     * @param free true when nobody writes its ring any more; otherwise it must not be freed
     */
    void failed(String sentence, boolean free);

    /** Everything was published; the source stays, silent. */
    void ended();
}
