// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import mimir.api.media.SampleFormat;
import mimir.ring.Abi;
import mimir.ring.RingFormat;

/**
 * A WAV file as planar float blocks of about 10 ms. Looped, blocks run across the seam, so that no sample is missing or
 * doubled there. Confined to the decoder.
 */
final class WavRecording implements Recording {
    private static final int BLOCKS_PER_SECOND = 100;
    private static final int MOST_BLOCK_BYTES = 1 << 16;
    private static final double AHEAD_S = 2;

    private final Settings settings;
    private final FileChannel file;
    private final WavInfo info;
    private final RingFormat format;
    private final ByteBuffer input;
    private long next;

    /** Opens the file. Throws {@link IOException} with one sentence when it cannot be played. */
    WavRecording(Settings settings) throws IOException {
        this.settings = settings;
        try {
            file = FileChannel.open(settings.path(), StandardOpenOption.READ);
        } catch (NoSuchFileException gone) {
            throw new IOException("WAV file " + settings.path() + " does not exist; check its name", gone);
        } catch (IOException refused) {
            throw new IOException("WAV file " + settings.path() + " cannot be read; check its permissions", refused);
        }
        info = inspect();
        int most = Math.max(1, MOST_BLOCK_BYTES / Float.BYTES / info.channels());
        int blockFrames = Math.clamp(info.rateHz() / BLOCKS_PER_SECOND, 1, most);
        format = SampleFormat.F32_PLANAR.planar(info.channels(), blockFrames, info.rateHz());
        input = ByteBuffer.allocateDirect(blockFrames * info.frameBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private WavInfo inspect() throws IOException {
        try {
            return WavInfo.read(file);
        } catch (IOException unplayable) {
            file.close();
            throw new IOException("WAV file " + settings.path() + " " + unplayable.getMessage(), unplayable);
        }
    }

    @Override
    public RingFormat format() {
        return format;
    }

    @Override
    public int itemKind() {
        return Abi.ITEM_AUDIO;
    }

    @Override
    public double itemsPerSecond() {
        return (double) info.rateHz() / format.height();
    }

    @Override
    public int ahead() {
        return (int) Math.clamp((long) Math.ceil(itemsPerSecond() * AHEAD_S), 4, 1024);
    }

    @Override
    public boolean fill(Slot slot) throws IOException {
        if (next == info.frames() && !settings.loop()) {
            return false;
        }
        int frames = 0;
        input.clear();
        while (frames < format.height() && (next < info.frames() || settings.loop())) {
            next %= info.frames();
            int run = (int) Math.min(format.height() - frames, info.frames() - next);
            read(run * info.frameBytes());
            next += run;
            frames += run;
        }
        var target = slot.buffer(format.payloadBytes());
        if (frames < format.height()) {
            target.fill((byte) 0); // the last block is short; the rest of its memory is defined all the same
        }
        for (int channel = 0; channel < info.channels(); channel++) {
            convert(channel, frames, target);
        }
        slot.useBuffer(format.payloadBytes(), frames);
        return true;
    }

    /** Appends bytes of the file from frame {@link #next} on. */
    private void read(int bytes) throws IOException {
        int end = input.position() + bytes;
        long at = info.dataOffset() + next * info.frameBytes();
        while (input.position() < end) {
            input.limit(end);
            int got = file.read(input, at);
            if (got < 0) {
                throw new IOException("WAV file " + settings.path()
                        + " was cut while it was played; the source has ended");
            }
            at += got;
        }
        input.limit(input.capacity());
    }

    private void convert(int channel, int frames, MemorySegment target) {
        int step = info.frameBytes();
        int from = channel * info.encoding().bytes();
        long to = (long) channel * format.height() * Float.BYTES;
        for (int i = 0; i < frames; i++) {
            target.set(ValueLayout.JAVA_FLOAT, to + (long) i * Float.BYTES, sample(from + i * step));
        }
    }

    /** Powers of two scale exactly: 8, 16 and 24 bits come back bit for bit. */
    private float sample(int at) {
        return switch (info.encoding()) {
            case U8 -> ((input.get(at) & 0xff) - 128) * 0x1p-7f;
            case S16 -> input.getShort(at) * 0x1p-15f;
            case S24 -> (input.getShort(at) & 0xffff | input.get(at + 2) << 16) * 0x1p-23f;
            case S32 -> input.getInt(at) * 0x1p-31f;
            case F32 -> input.getFloat(at);
        };
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException refused) {
            throw new UncheckedIOException("WAV file " + settings.path() + " cannot be closed", refused);
        }
    }
}
