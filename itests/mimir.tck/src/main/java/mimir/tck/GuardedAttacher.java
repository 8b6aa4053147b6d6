// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;

/** Takes what is attached in one call, and hands it over at its end. Confined. */
final class GuardedAttacher implements Attacher {
    private final Attacher real;
    private final GuardedCall call;
    private final Watch watch;
    private final Map<Class<?>, Place> places = new LinkedHashMap<>();

    /** Where the analyser writes, and where that belongs. */
    private record Place(Attachment written, Attachment real, long fields) {
        void handOver() {
            MemorySegment.copy(written.memory(), written.offset(), real.memory(), real.offset(), fields);
            MemorySegment.copy(written.memory(), written.tailOffset(), real.memory(), real.tailOffset(),
                    real.tailBytes());
        }
    }

    GuardedAttacher(Attacher real, GuardedCall call, Watch watch) {
        this.real = real;
        this.call = call;
        this.watch = watch;
    }

    @Override
    public <T extends Attachment> T attach(Class<T> type) {
        return attach(type, 0);
    }

    @Override
    public <T extends Attachment> T attach(Class<T> type, long tailBytes) {
        call.check("the attacher");
        var place = places.get(type);
        if (place == null) {
            var target = target(type, tailBytes);
            place = new Place(call.twin(type, target, false), target, AttachmentLayout.of(type).bytes());
            places.put(type, place);
        }
        return type.cast(place.written());
    }

    private <T extends Attachment> T target(Class<T> type, long tailBytes) {
        try {
            return real.attach(type, tailBytes);
        } catch (IllegalArgumentException refused) {
            watch.refused(type);
            throw refused;
        }
    }

    @Override
    public void span(long firstSample, int frames) {
        call.check("the attacher");
        real.span(firstSample, frames);
    }

    void handOver() {
        places.values().forEach(Place::handOver);
    }
}
