// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;
import mimir.recording.playback.Tape;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;
import mimir.ring.RingWriter;

/** A recording, from its beginning again after its end. What was decoded once is kept. Confined. */
final class TapeReel implements Reel {
    private final Kept kept;
    private long number = -1;
    private long units; // sample frames, or pictures, before this item
    private Shot shot;

    private TapeReel(Kept kept) {
        this.kept = kept;
    }

    /** One item as it was decoded; null memory: it could not be. */
    private record Shot(MemorySegment memory, int height) {
    }

    /** The recordings of a folder that an input can take, in order of their names. */
    static List<Reel.Maker> makers(Path folder, double fps, boolean sound) {
        List<Reel.Maker> makers = new ArrayList<>();
        for (var tape : Tape.of(folder, fps, skipped -> { })) {
            if (sound == (tape.spec("tape").itemKind() == Abi.ITEM_AUDIO)) {
                makers.add(new Kept(tape));
            } else {
                tape.close();
            }
        }
        if (makers.isEmpty()) {
            throw new BadInputException("folder " + folder + " holds no " + (sound ? "sound" : "pictures")
                    + "; name a folder with " + (sound ? "WAV" : "JPEG or PNG") + " files");
        }
        return makers;
    }

    /** All items of one tape, as far as they were asked for and memory goes. */
    private static final class Kept implements Reel.Maker {
        private static final long MOST_BYTES = 1L << 29;

        private final Tape tape;
        private final RingFormat format;
        private final List<Shot> shots = new ArrayList<>();
        private long bytes;
        private boolean complete;

        Kept(Tape tape) {
            this.tape = tape;
            this.format = tape.spec("tape").format();
        }

        @Override
        public Reel make() {
            return new TapeReel(this);
        }

        /** The item of a number; after the last one the first one again. */
        Shot shot(long number) {
            while (!complete && shots.size() <= number) {
                decode();
            }
            return shots.get((int) (number % shots.size()));
        }

        private void decode() {
            if (bytes > MOST_BYTES || !tape.next()) {
                complete = true;
                tape.close();
                return;
            }
            MemorySegment memory = null;
            if (!tape.corrupt()) {
                memory = Arena.ofAuto().allocate(tape.bytes(), 64);
                tape.copyTo(memory);
                bytes += tape.bytes();
            }
            shots.add(new Shot(memory, tape.height()));
        }
    }

    @Override
    public RingSpec spec(String id) {
        var spec = kept.tape.spec(id);
        return new RingSpec(id, spec.itemKind(), spec.itemsPerSecond(), spec.payloadBytes(), spec.format(),
                RingSpec.Writer.NATIVE);
    }

    private boolean sound() {
        return kept.tape.spec("tape").itemKind() == Abi.ITEM_AUDIO;
    }

    private long unitsOfItem() {
        return sound() ? shot.height() : 1;
    }

    @Override
    public void next() {
        units += shot == null ? 0 : unitsOfItem();
        shot = kept.shot(++number);
    }

    @Override
    public DropReason loss() {
        return shot.memory() == null ? DropReason.CORRUPT : null;
    }

    /** A picture is due when its time begins; a block when its last sample has passed, as from a device. */
    @Override
    public long dueNs() {
        return (long) ((units + (sound() ? shot.height() : 0)) * 1e9 / kept.format.rateHz());
    }

    @Override
    public boolean restarts() {
        return false;
    }

    @Override
    public void write(RingWriter writer, long at, int formatId) {
        writer.copyIn(shot.memory(), 0, 0, shot.memory().byteSize());
        writer.descriptor().sequence(number).deviceTime(Descriptor.CLOCK_COUNTER, units)
                .shape(formatId, kept.format.width(), shot.height(), shot.memory().byteSize());
    }
}
