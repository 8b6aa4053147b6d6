// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.util.Optional;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;

/** How much memory the ring of a recording takes. Immutable. */
final class RingNeed {
    private RingNeed() {
    }

    /** The ring of a recording that is open. */
    static RingSpec spec(String id, Recording recording) {
        return spec(id, recording.itemKind(), recording.itemsPerSecond(), recording.format());
    }

    private static RingSpec spec(String id, int itemKind, double itemsPerSecond, RingFormat format) {
        return new RingSpec(id, itemKind, itemsPerSecond, format.payloadBytes(), format, RingSpec.Writer.JAVA);
    }

    /** The ring by what the headers of the files say; empty when they say nothing, and the device will tell why. */
    static Optional<RingSpec> of(Settings settings) {
        try {
            if (settings.kind() == Settings.Kind.IMAGES) {
                var format = ImageSequence.headerFormat(settings);
                return Optional.of(spec(settings.id(), Abi.ITEM_FRAME, format.rateHz(), format));
            }
            try (var recording = new WavRecording(settings)) {
                return Optional.of(spec(settings.id(), recording));
            }
        } catch (IOException unplayable) {
            return Optional.empty();
        }
    }
}
