// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import mimir.api.analysis.Attachments;
import mimir.api.analysis.types.MotionEnergy;
import mimir.api.media.AudioView;
import mimir.api.media.SampleFormat;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.time.ClockMap;
import mimir.api.time.ClockMaps;
import mimir.ring.Descriptor;
import mimir.sync.align.Sound;
import mimir.sync.align.Track;

/**
 * What the reservoir holds of one source, on canonical time: its first channel, or how much moved in each frame.
 * Immutable as long as nobody writes into it.
 *
 * @param sound of an audio source, else null
 * @param motion of a camera, else null: how much, in what share of the picture, and where
 * @param missing why there is neither, in a sentence; null when there is one
 */
record Content(Sound sound, Track motion, String missing) {
    private static final int MOST_SAMPLES = 1 << 20; // 5.5 s at 192 kHz: 8 MiB of a heap of 256
    private static final int LEAST_FRAMES = 8;
    private static final ValueLayout.OfFloat SAMPLE =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Reads the items between two instants; of the newest epoch, for no offset spans two. */
    static Content of(String source, Reservoir reservoir, Attachments attachments, ClockMaps maps, long from, long to) {
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
            return new Content(null, null, "the reservoir holds nothing of " + source + " there");
        }
        var map = maps.of(source);
        var fitting = map != null && map.epoch() == epoch ? map : null;
        if (audio) {
            long begin = Math.max(from, to - (long) (MOST_SAMPLES / rate * 1e9));
            return sound(source, reservoir.open(source, begin, to), epoch, fitting);
        }
        return motion(source, reservoir.open(source, from, to), attachments, epoch, fitting);
    }

    private static Content sound(String source, ReservoirCursor cursor, int epoch, ClockMap map) {
        var samples = new double[MOST_SAMPLES];
        var view = new AudioView();
        long first = Long.MIN_VALUE;
        int count = 0;
        double start = 0;
        double period = 0;
        while (cursor.next()) {
            var descriptor = cursor.descriptor();
            if (descriptor.epoch() == epoch && descriptor.deviceClock() == Descriptor.CLOCK_COUNTER) {
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
        return count == 0 ? new Content(null, null, source + " does not count its samples")
                : new Content(new Sound(Arrays.copyOf(samples, count), start, period), null, null);
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

    private static Content motion(String source, ReservoirCursor cursor, Attachments attachments, int epoch,
            ClockMap map) {
        var track = new Track(4);
        try (var results = attachments.reader(source, MotionEnergy.class)) {
            while (cursor.next()) {
                var descriptor = cursor.descriptor();
                results.look(cursor);
                var motion = results.get(); // late ones as well
                if (descriptor.epoch() == epoch && motion != null) {
                    double[] numbers = {motion.meanDifference(), motion.changedShare(), motion.centroidX(),
                            motion.centroidY()};
                    if (results.intact()) {
                        track.add(map != null ? map.canonicalNs(descriptor.deviceTime()) : descriptor.hostTimeNs(),
                                numbers);
                    }
                }
            }
        }
        return track.size() < LEAST_FRAMES ? new Content(null, null, "nobody tells what moves before " + source
                + ": 'attach " + source + " motion', and wait as long as you want to look back")
                : new Content(null, track, null);
    }
}
