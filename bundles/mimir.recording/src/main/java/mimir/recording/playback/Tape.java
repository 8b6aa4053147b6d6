// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.ring.RingSpec;

/**
 * One recording of a folder, item after item as fast as somebody asks, without threads and without a clock: for test
 * benches. Confined.
 */
public final class Tape implements AutoCloseable {
    private final Recording recording;
    private final Slot slot = new Slot();

    private Tape(Recording recording) {
        this.recording = recording;
    }

    /**
     * Opens all that {@link RecordingDriver} would play of a folder, in its order, to be played once.
     *
     * @param fps pictures per second; sound has a rate of its own
     * @param warn told one sentence about each file that is skipped
     * @throws BadInputException when there is nothing to play
     */
    public static List<Tape> of(Path folder, double fps, Consumer<String> warn) {
        List<Tape> tapes = new ArrayList<>();
        FolderScan.scan(folder).forEach((name, take) -> {
            boolean pictures = take.kind() == Settings.Kind.IMAGES;
            var settings = new Settings(name, take.kind(), take.path(), pictures ? take.stem() : "", false, fps, "", 1);
            try {
                tapes.add(new Tape(pictures ? new ImageSequence(settings, warn) : new WavRecording(settings)));
            } catch (IOException unplayable) {
                tapes.forEach(Tape::close);
                throw new BadInputException(unplayable.getMessage());
            }
        });
        return tapes;
    }

    /** The ring that its items need, for a source of this identity. */
    public RingSpec spec(String id) {
        return RingNeed.spec(id, recording);
    }

    /**
     * Decodes the next item.
     *
     * @return false at the end
     * @throws UncheckedIOException when the recording cannot go on; the message is one sentence
     */
    public boolean next() {
        try {
            return recording.fill(slot);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken.getMessage(), broken);
        }
    }

    /** True when the item could not be decoded: its place in time passes without it. */
    public boolean corrupt() {
        return slot.corrupt();
    }

    /** Rows of the picture, or sample frames of the block. */
    public int height() {
        return slot.height();
    }

    /** Bytes of the item. */
    public long bytes() {
        return slot.bytes();
    }

    /** Copies the item to the beginning of a place of at least {@link #bytes}. */
    public void copyTo(MemorySegment target) {
        target.copyFrom(slot.memory().asSlice(slot.offset(), slot.bytes()));
    }

    @Override
    public void close() {
        recording.close();
    }
}
