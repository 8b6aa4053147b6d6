// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.api.source.AudioSource;
import mimir.api.source.FrameSource;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.Rings;

/**
 * A camera or a microphone that sees a {@link Scene}, with a clock and a way to the host of its own. The thread of a
 * test turns it.
 */
abstract class Twin implements AutoCloseable {
    private final String id;
    private final RingOwner owner;
    private final RingFormat format;
    private final double periodNs;   // by the true clock
    private final long firstNs;      // when the first item was taken
    private final long delayNs;      // from there until it arrives
    private long items;
    private long first;              // of the epoch

    private Twin(Rings rings, String id, int kind, RingFormat format, double perSecond, double rate, long[] times) {
        this.id = id;
        this.format = format;
        periodNs = 1e9 / perSecond * rate;
        firstNs = times[0];
        delayNs = times[1];
        owner = rings.open(new RingSpec(id, kind, perSecond, format.payloadBytes(), format, RingSpec.Writer.JAVA),
                "mimir.itests");
    }

    /** When the next item arrives, up to 200 us late; what it is stamped with whenever its thread is let run. */
    long dueNs() {
        return trueNs(items) + delayNs + items * 7_919 % 200 * 1_000;
    }

    private long trueNs(long item) {
        return firstNs + Math.round(item * periodNs);
    }

    /** Device time of an item so long ago, or of the first of this epoch, and when it was taken really. */
    long[] before(double ns) {
        long item = Math.max(first, items - 1 - Math.round(ns / periodNs));
        return new long[] {deviceTime(item - first), trueNs(item)};
    }

    abstract long deviceTime(long item);

    abstract int clock();

    abstract void fill(MemorySegment memory, long offset, long takenNs, double periodNs);

    /** It begins anew. */
    void epoch() {
        owner.writer().nextEpoch();
        first = items;
    }

    void publish() {
        var writer = owner.writer();
        long at = writer.claim();
        fill(writer.memory(), at, trueNs(items), periodNs);
        writer.descriptor().sequence(items - first).deviceTime(clock(), deviceTime(items - first))
                .hostTimeNs(dueNs())
                .shape(owner.formatId(), format.width(), format.height(), format.payloadBytes());
        writer.commit();
        items++;
    }

    public String id() {
        return id;
    }

    public String device() {
        return "a twin";
    }

    public String driver() {
        return "mimir.itests";
    }

    public Ring ring() {
        return owner.ring();
    }

    public RingFormat format() {
        return format;
    }

    @Override
    public void close() {
        owner.close();
    }

    /** Grey pictures of 64 x 48, exposed all the time; it tells the middle of that. */
    static final class Camera extends Twin implements FrameSource {
        static final int WIDTH = 64;
        static final int HEIGHT = 48;
        private static final double FPS = 60;
        private static final RingFormat FORMAT = PixelFormat.GREY.packed(WIDTH, HEIGHT, 0, 60, 1, 1_000_000);

        private final Scene scene;

        Camera(Rings rings, String id, Scene scene, double rate, long firstNs, long delayNs) {
            super(rings, id, Abi.ITEM_FRAME, FORMAT, FPS, rate, new long[] {firstNs, (long) (1e9 / FPS / 2) + delayNs});
            this.scene = scene;
        }

        @Override
        long deviceTime(long item) {
            return Math.round(item * 1e6 / FPS);
        }

        @Override
        int clock() {
            return Descriptor.CLOCK_TICKS;
        }

        @Override
        void fill(MemorySegment memory, long offset, long takenNs, double periodNs) {
            for (int at = 0; at < WIDTH * HEIGHT; at++) {
                memory.set(ValueLayout.JAVA_BYTE, offset + at,
                        (byte) scene.luma(at % WIDTH, at / WIDTH, takenNs, periodNs));
            }
        }
    }

    /** Hears the signal that switches the lamp. */
    static final class Wire extends Twin implements AudioSource {
        private static final int FRAMES = 400;
        private static final int RATE = 48_000;
        private static final RingFormat FORMAT = SampleFormat.F32_PLANAR.planar(1, FRAMES, RATE);

        private final Scene scene;

        Wire(Rings rings, String id, Scene scene, double rate, long firstNs, long delayNs) {
            super(rings, id, Abi.ITEM_AUDIO, FORMAT, (double) RATE / FRAMES, rate,
                    new long[] {firstNs, FRAMES * 1_000_000_000L / RATE + delayNs});
            this.scene = scene;
        }

        @Override
        long deviceTime(long item) {
            return item * FRAMES;
        }

        @Override
        int clock() {
            return Descriptor.CLOCK_COUNTER;
        }

        @Override
        void fill(MemorySegment memory, long offset, long takenNs, double periodNs) {
            for (int i = 0; i < FRAMES; i++) {
                boolean on = scene.lampOn(takenNs + i * periodNs / FRAMES);
                memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset + 4L * i, on ? 0.5f : -0.5f);
            }
        }
    }
}
