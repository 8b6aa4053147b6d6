// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.ring.Ring;
import mimir.ring.RingFormat;

/**
 * A source as it was last seen; it stays known after its driver is gone, because the report is made when all is over.
 * Immutable.
 */
record KnownSource(String id, String kind, String device, String bundle, RingFormat format, Ring ring) {
    static KnownSource of(Source source) {
        return new KnownSource(source.id(), SourceProperties.kind(source), source.device(), source.driver(),
                source.format(),
                source.ring());
    }

    boolean isAudio() {
        return kind.equals("audio");
    }

    /** Items per second that the device was asked for: frames, or blocks. */
    double rateAskedHz() {
        return isAudio() ? format.rateHz() / format.height() : format.rateHz();
    }
}
