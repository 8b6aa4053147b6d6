// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

import org.osgi.annotation.versioning.ProviderType;

/** Holds two streams against each other by what is in them. Thread-safe; control threads. */
@ProviderType
public interface StreamAlignments {
    /**
     * How far the second source is behind the first, over the newest seconds of both that the reservoir holds. Sounds
     * are compared by the first channel, pictures by what the analyser {@code motion} attached to them; it must run
     * on them. A sound and pictures to which {@code brightness} is attached are held against each other by the lamp
     * that the sound switches. Takes some hundred ms and allocates.
     *
     * @param seconds how far back, 1 to 120; more than 2^20 samples are not looked at
     * @throws mimir.api.BadInputException when there never was such a source, or the seconds make no sense
     */
    StreamAlignment align(String first, String second, double seconds);
}
