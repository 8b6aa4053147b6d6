// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import mimir.api.source.AudioSource;
import mimir.api.source.DeviceFault;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.ring.Abi;
import mimir.ring.Ring;
import mimir.ring.RingFormat;

/** What a recorded device registers. Immutable. */
final class RecordedSource {
    static final String DRIVER = "mimir.recording";

    private RecordedSource() {
    }

    static Source of(Settings settings, Recording recording, Ring ring) {
        var device = "recording " + settings.path() + (settings.stem().isEmpty() ? "" : "/" + settings.stem());
        return recording.itemKind() == Abi.ITEM_AUDIO
                ? new Audio(settings.id(), device, DRIVER, ring, recording.format())
                : new Frames(settings.id(), device, DRIVER, ring, recording.format());
    }

    /** Pictures. Immutable. */
    private record Frames(String id, String device, String driver, Ring ring,
            RingFormat format) implements FrameSource {
    }

    /** Sound. Immutable. */
    private record Audio(String id, String device, String driver, Ring ring, RingFormat format) implements AudioSource {
    }

    /** Why there is no source. Immutable. */
    record Fault(String id, String driver, String sentence) implements DeviceFault {
    }
}
