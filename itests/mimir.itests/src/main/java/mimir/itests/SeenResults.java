// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.AttachmentState;
import mimir.api.analysis.Attachments;
import mimir.api.media.FrameView;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.Start;

/** Results that were right when they came, read by their layout alone, to be read again later. Immutable. */
final class SeenResults {
    private static final EnumSet<AttachmentState> THERE = EnumSet.of(AttachmentState.PRESENT, AttachmentState.LATE);

    private record Key(int epoch, long sequence) {
    }

    private final String source;
    private final Attachments attachments;
    private final AttachmentLayout layout;
    private final List<Key> keys = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    private SeenResults(String source, Attachments attachments, AttachmentLayout layout) {
        this.source = source;
        this.attachments = attachments;
        this.layout = layout;
    }

    /** Results of so many frames from now on; their first field is the brightness of the frame. */
    static SeenResults of(Ring ring, Attachments attachments, AttachmentLayout layout, int frames) {
        var seen = new SeenResults(ring.identity(), attachments, layout);
        var frame = new FrameView();
        try (var reader = ring.reader("itest", Profile.EVERY, Start.NOW);
                var results = attachments.reader(ring.identity(), layout)) {
            Platform.await(() -> {
                try (var lease = reader.next()) {
                    if (lease != null) {
                        seen.add(lease, frame.wrap(lease), results);
                    }
                }
                return seen.keys.size() == frames;
            }, () -> seen.keys.size() + " results of " + reader.stats());
        }
        return seen;
    }

    private void add(Lease lease, FrameView frame, AttachmentReader<Attachment> results) {
        float brightness = brightness(frame);
        if (!lease.intact()) {
            return; // a busy machine: the frame was overwritten while it was looked at
        }
        Platform.await(() -> results.look(frame.item()) != AttachmentState.PENDING, () -> "no result comes");
        if (!THERE.contains(results.look(frame.item()))) {
            return; // the same, and it was the stage that came too late
        }
        var text = text(results);
        assertEquals(brightness, Float.parseFloat(text.split(" ")[0]), text);
        keys.add(new Key(results.epoch(), results.sequence()));
        texts.add(text);
    }

    private String text(AttachmentReader<Attachment> results) {
        var result = results.get();
        assertTrue(result != null, layout.id() + " is not there");
        var text = layout.fields().stream().map(field -> field.text(result.memory(), result.offset()))
                .collect(Collectors.joining(" "));
        assertTrue(results.intact());
        return text;
    }

    private static float brightness(FrameView frame) {
        var memory = frame.memory();
        long sum = 0;
        for (int y = 0; y < frame.height(); y++) {
            long row = frame.planeOffset(0) + (long) y * frame.strideBytes(0);
            for (int x = 0; x < frame.width(); x++) {
                sum += memory.get(ValueLayout.JAVA_BYTE, row + 2L * x) & 0xff;
            }
        }
        return (float) sum / (frame.width() * frame.height());
    }

    /** All of them are still there, field by field. */
    void assertReadable() {
        try (var results = attachments.reader(source, layout)) {
            for (int i = 0; i < keys.size(); i++) {
                var state = results.look(keys.get(i).epoch(), keys.get(i).sequence());
                assertTrue(THERE.contains(state), layout.id() + " of " + keys.get(i) + " is " + state);
                assertEquals(texts.get(i), text(results));
            }
        }
    }
}
