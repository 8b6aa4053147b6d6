// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Attachments;
import mimir.api.analysis.types.MotionEnergy;
import mimir.api.media.AudioView;
import mimir.api.media.SampleFormat;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.Descriptor;
import mimir.sync.align.Sound;
import mimir.sync.align.Track;

/**
 * What the reservoir holds of one source, on canonical time: its first channel, or how much moved in each frame.
 * Immutable as long as nobody writes into it.
 *
 * @param sound of an audio source, else null
 * @param motion of a camera, else null: how much, in what share of the picture, and where
 * @param light of a camera that somebody tells the brightness of, else null
 * @param missing why there is neither, in a sentence; null when there is one
 */
record Content(Sound sound, Track motion, Track light, String missing) {
    private static final int MOST_SAMPLES = 1 << 20; // 5.5 s at 192 kHz: 8 MiB of a heap of 256
    private static final int LEAST_FRAMES = 8;
    private static final ValueLayout.OfFloat SAMPLE =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /**
     * Reads the items between two instants, each by the map of its own segment; of a sound the newest segment, for
     * samples lie in a row there.
     */
    static Content of(String source, Reservoir reservoir, Attachments attachments, Pieces pieces, long from, long to) {
        int epoch = 0;
        boolean audio = false;
        double rate = 0;
        var cursor = reservoir.open(source, from, to);
        while (cursor.next()) {
            epoch = Math.max(epoch, cursor.descriptor().epoch());
            audio = cursor.format().code() == SampleFormat.F32_PLANAR.code();
            rate = cursor.format().rateHz();
        }
        if (epoch == 0) {
            return new Content(null, null, null, "the reservoir holds nothing of " + source + " there");
        }
        if (audio) {
            long begin = Math.max(from, to - (long) (MOST_SAMPLES / rate * 1e9));
            return sound(source, reservoir.open(source, begin, to), epoch, pieces);
        }
        return pictures(source, reservoir.open(source, from, to), attachments, pieces);
    }

    private static Content sound(String source, ReservoirCursor cursor, int epoch, Pieces pieces) {
        var map = pieces.at(epoch, Long.MAX_VALUE);
        var samples = new double[MOST_SAMPLES];
        var view = new AudioView();
        long first = Long.MIN_VALUE;
        int count = 0;
        double start = 0;
        double period = 0;
        while (cursor.next()) {
            var descriptor = cursor.descriptor();
            boolean same = descriptor.epoch() == epoch && pieces.at(epoch, descriptor.hostTimeNs()) == map;
            if (same && descriptor.deviceClock() == Descriptor.CLOCK_COUNTER) {
                view.wrap(cursor);
                if (first == Long.MIN_VALUE) {
                    first = descriptor.deviceTime();
                    period = map != null ? map.nsPerTick() : 1e9 / view.rateHz();
                    start = map != null ? map.canonicalNs(first) : descriptor.hostTimeNs() - view.frames() * period;
                }
                long at = descriptor.deviceTime() - first;
                if (at >= 0 && at + view.frames() <= samples.length) {
                    take(view, samples, (int) at);
                    count = Math.max(count, (int) at + view.frames());
                }
            }
        }
        return count == 0 ? new Content(null, null, null, source + " does not count its samples")
                : new Content(new Sound(Arrays.copyOf(samples, count), start, period), null, null, null);
    }

    private static void take(AudioView view, double[] samples, int at) {
        var memory = view.memory();
        long offset = view.channelOffset(0);
        for (int i = 0; i < view.frames(); i++) {
            samples[at + i] = memory.get(SAMPLE, offset + (long) i * Float.BYTES);
        }
        if (!view.item().intact()) {
            Arrays.fill(samples, at, at + view.frames(), 0);
        }
    }

    private static Content pictures(String source, ReservoirCursor cursor, Attachments attachments, Pieces pieces) {
        var motion = new Track(4);
        var light = new Track(1);
        try (var moved = attachments.reader(source, MotionEnergy.class);
                var lit = attachments.reader(source, Light.class)) {
            while (cursor.next()) {
                var descriptor = cursor.descriptor();
                long hostNs = descriptor.hostTimeNs();
                var map = pieces.at(descriptor.epoch(), hostNs);
                if (map != null || pieces.none()) {
                    long atNs = map != null ? map.canonicalNs(descriptor.deviceTime()) : hostNs;
                    moved.look(cursor);
                    take(moved, motion, atNs); // late ones as well
                    lit.look(cursor);
                    takeLight(lit, light, atNs);
                }
            }
        }
        boolean still = motion.size() < LEAST_FRAMES;
        boolean dark = light.size() < LEAST_FRAMES;
        return still && dark ? new Content(null, null, null, "nobody tells what moves before " + source + ": 'attach "
                + source + " motion' (or brightness, for a lamp that a sound switches), and wait as long as you want to"
                + " look back") : new Content(null, still ? null : motion, dark ? null : light, null);
    }

    private static void take(AttachmentReader<MotionEnergy> results, Track track, long atNs) {
        var motion = results.get();
        if (motion != null) {
            double[] numbers = {motion.meanDifference(), motion.changedShare(), motion.centroidX(), motion.centroidY()};
            if (results.intact()) {
                track.add(atNs, numbers);
            }
        }
    }

    private static void takeLight(AttachmentReader<Light> results, Track track, long atNs) {
        var light = results.get();
        if (light != null) {
            double mean = light.mean();
            if (results.intact()) {
                track.add(atNs, mean);
            }
        }
    }
}
