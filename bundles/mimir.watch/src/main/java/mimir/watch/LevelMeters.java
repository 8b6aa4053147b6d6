// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.media.AudioView;
import mimir.api.report.Meters;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingException;
import mimir.ring.RingReader;
import mimir.ring.Rings;
import mimir.ring.Start;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads levels where the sound lies, on the caller's thread, and only when somebody asks. Thread-safe. */
@Component
public final class LevelMeters implements Meters {
    private static final double WINDOW_S = 0.1;
    private static final ValueLayout.OfFloat SAMPLE = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final Rings rings;

    /** Of the rings of the platform. */
    @Activate
    public LevelMeters(@Reference Rings rings) {
        this.rings = rings;
    }

    @Override
    public List<Level> levels(String source) {
        var ring = rings.find(source).orElseThrow(() -> new BadInputException("there is no source '" + source + "'"));
        try {
            if (ring.stats().itemKind() != Abi.ITEM_AUDIO) {
                throw new BadInputException(source + " sends no sound; levels are of audio sources");
            }
            return levels(ring);
        } catch (RingException noMemory) {
            throw new IllegalStateException(noMemory.getMessage(), noMemory);
        }
    }

    private static List<Level> levels(Ring ring) {
        try (var reader = ring.reader("levels", Profile.LATEST, Start.NOW)) {
            var window = new Window();
            boolean more = true;
            for (long at = reader.end() - 1; more && at >= reader.oldest(); at--) {
                more = window.add(reader, at);
            }
            return window.levels();
        }
    }

    /** What has been heard, from the newest block backwards. Confined. */
    private static final class Window {
        private final AudioView view = new AudioView();
        private double[] squares = {};
        private float[] peaks = {};
        private long frames;
        private long newestNs;
        private int epoch;

        /** Takes a block, if it stays whole meanwhile. False when the window is full or nothing older belongs to it. */
        boolean add(RingReader reader, long position) {
            var lease = reader.peek(position);
            if (lease == null) {
                return false;
            }
            view.wrap(lease);
            var item = lease.descriptor();
            long wanted = Math.round(view.rateHz() * WINDOW_S) - frames;
            if (wanted <= 0 || frames > 0 && (item.epoch() != epoch || view.channels() != peaks.length)) {
                lease.release();
                return false;
            }
            int count = (int) Math.min(wanted, view.frames());
            var blockSquares = new double[view.channels()];
            var blockPeaks = new float[view.channels()];
            for (int channel = 0; channel < blockPeaks.length; channel++) {
                hear(channel, view.frames() - count, count, blockSquares, blockPeaks);
            }
            long atNs = item.hostTimeNs();
            int itemEpoch = item.epoch();
            if (!lease.release()) {
                return false;
            }
            keep(blockSquares, blockPeaks, count, atNs, itemEpoch);
            return true;
        }

        private void hear(int channel, int from, int count, double[] blockSquares, float[] blockPeaks) {
            long at = view.channelOffset(channel) + (long) from * Float.BYTES;
            for (int i = 0; i < count; i++) {
                float sample = view.memory().get(SAMPLE, at + (long) i * Float.BYTES);
                blockSquares[channel] += (double) sample * sample;
                blockPeaks[channel] = Math.max(blockPeaks[channel], Math.abs(sample));
            }
        }

        private void keep(double[] blockSquares, float[] blockPeaks, int count, long atNs, int itemEpoch) {
            if (frames == 0) {
                squares = new double[blockSquares.length];
                peaks = new float[blockPeaks.length];
                newestNs = atNs;
                epoch = itemEpoch;
            }
            for (int channel = 0; channel < peaks.length; channel++) {
                squares[channel] += blockSquares[channel];
                peaks[channel] = Math.max(peaks[channel], blockPeaks[channel]);
            }
            frames += count;
        }

        List<Level> levels() {
            var levels = new ArrayList<Level>();
            long ageNs = Math.max(0, HostClock.nowNs() - newestNs);
            for (int channel = 0; channel < peaks.length; channel++) {
                levels.add(new Level(channel + 1, 20 * Math.log10(peaks[channel]),
                        10 * Math.log10(squares[channel] / frames), frames, ageNs));
            }
            return levels;
        }
    }
}
