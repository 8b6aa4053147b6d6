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
                source.format(), source.ring());
    }

    boolean isAudio() {
        return kind.equals("audio");
    }

    /** Items per second that the device was asked for: frames, or blocks. */
    double rateAskedHz() {
        return isAudio() ? format.rateHz() / format.height() : format.rateHz();
    }

    /** What a tick of the device's clock should last, ns: it ticks by itself, or counts frames or samples. */
    double deviceTickNs() {
        return 1e9 / (format.deviceTickHz() > 0 ? format.deviceTickHz() : format.rateHz());
    }
}
