// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.Start;

/** A source of pictures or sound of known truth, in a real ring. Confined. */
final class Studio implements AutoCloseable {
    static final int WIDTH = 320;
    static final int HEIGHT = 240;
    static final int SIDE = 40;
    static final int CHANNELS = 8;
    static final int FRAMES = 64;
    static final int RATE_HZ = 192_000;
    static final RingFormat PICTURES = PixelFormat.YUYV.packed(WIDTH, HEIGHT, 2, 60, 1, 0);
    static final RingFormat SOUND = SampleFormat.F32_PLANAR.planar(CHANNELS, FRAMES, RATE_HZ);

    private final RingStore rings;
    private final RingOwner owner;
    private final RingReader reader;
    private final RingFormat format;

    /** With memory of its own, or in a file of a directory. */
    Studio(RingFormat format, Path directory) {
        this.format = format;
        rings = new RingStore(directory == null ? Map.of() : Map.of("dir", directory.toString()));
        boolean sound = format.equals(SOUND);
        owner = rings.open(new RingSpec("lab.source", sound ? Abi.ITEM_AUDIO : Abi.ITEM_FRAME, sound ? 3000 : 60,
                format.payloadBytes(), format, RingSpec.Writer.JAVA), "test");
        reader = owner.ring().reader("test", Profile.EVERY, Start.OLDEST);
    }

    /** A bright square whose left upper corner lies at (x, y), on a dark ground. */
    Lease square(long sequence, int x, int y) {
        var writer = owner.writer();
        long at = writer.claim();
        var memory = writer.memory();
        for (int row = 0; row < HEIGHT; row++) {
            for (int column = 0; column < WIDTH; column++) {
                boolean inside = column >= x && column < x + SIDE && row >= y && row < y + SIDE;
                long pixel = at + (row * (long) WIDTH + column) * 2;
                memory.set(ValueLayout.JAVA_BYTE, pixel, (byte) (inside ? 210 : 50));
                memory.set(ValueLayout.JAVA_BYTE, pixel + 1, (byte) 128);
            }
        }
        return published(sequence, WIDTH, HEIGHT);
    }

    /** Bytes that look like none, but are the same for the same number; formats of frames only. */
    Lease noise(long sequence) {
        var writer = owner.writer();
        long at = writer.claim();
        for (long i = 0; i < format.payloadBytes(); i++) {
            writer.memory().set(ValueLayout.JAVA_BYTE, at + i, noise(sequence, i));
        }
        return published(sequence, format.width(), format.height());
    }

    /** Byte {@code index} of such a frame. */
    static byte noise(long sequence, long index) {
        return (byte) ((sequence * 31 + index) * 0x9E3779B97F4A7C15L >>> 40);
    }

    /** A sine in all channels, each 6 dB softer than the one before. */
    Lease tone(long sequence, double hz, double peakDb) {
        var writer = owner.writer();
        long at = writer.claim();
        var memory = writer.memory();
        for (int channel = 0; channel < CHANNELS; channel++) {
            fill(memory, at + channel * FRAMES * 4L, sequence * FRAMES, hz, Math.pow(10, (peakDb - 6 * channel) / 20));
        }
        return published(sequence, CHANNELS, FRAMES);
    }

    private static void fill(MemorySegment memory, long at, long first, double hz, double peak) {
        for (int i = 0; i < FRAMES; i++) {
            double value = peak * Math.sin(2 * Math.PI * hz * (first + i) / RATE_HZ);
            memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + i * 4L, (float) value);
        }
    }

    private Lease published(long sequence, int width, int height) {
        var writer = owner.writer();
        writer.descriptor().sequence(sequence).hostTimeNs(HostClock.nowNs())
                .deviceTime(Descriptor.CLOCK_COUNTER, sequence * height)
                .shape(owner.formatId(), width, height, format.payloadBytes());
        writer.commit();
        return reader.next();
    }

    @Override
    public void close() {
        reader.close();
        owner.close();
        rings.close();
    }
}
