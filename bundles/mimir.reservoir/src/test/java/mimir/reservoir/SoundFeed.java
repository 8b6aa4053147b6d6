// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import mimir.api.media.SampleFormat;
import mimir.api.time.ClockMap;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;

/** An audio source whose samples are their own numbers; a block comes as its last sample does. Confined. */
final class SoundFeed implements AutoCloseable {
    private static final String ID = "audio";
    private static final long START_NS = 1_000_000_000L;

    final Feed feed = new Feed(16L << 20);
    ClockMap map;
    private final RingOwner owner;
    private final int channels;
    private final int frames;
    private final double periodNs;
    private final List<String> published = new ArrayList<>();
    private double nowNs = START_NS;
    private long delayNs;
    private long jitterNs;
    private long count;
    private long sequence;
    private int epoch = 1;

    SoundFeed(int channels, int frames, int rateHz) {
        this.channels = channels;
        this.frames = frames;
        this.periodNs = 1e9 / rateHz;
        var format = SampleFormat.F32_PLANAR.planar(channels, frames, rateHz);
        owner = feed.store.open(new RingSpec(ID, Abi.ITEM_AUDIO, 1_000, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        feed.owners.put(ID, owner);
        feed.ingest.add(owner.ring());
    }

    /** When a sample was taken, if nothing was lost before, ns. */
    long timeNs(long sample) {
        return START_NS + Math.round(sample * periodNs);
    }

    long nowNs() {
        return (long) nowNs;
    }

    SoundFeed blocks(int blocks) {
        for (int i = 0; i < blocks; i++) {
            nowNs += frames * periodNs;
            publish();
        }
        return this;
    }

    private void publish() {
        var writer = owner.writer();
        long at = writer.claim();
        for (int channel = 0; channel < channels; channel++) {
            for (int i = 0; i < frames; i++) {
                writer.memory().set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + ((long) channel * frames + i) * Float.BYTES,
                        count + i);
            }
        }
        writer.descriptor().sequence(sequence++).hostTimeNs(Math.round(nowNs) + delayNs + jitterNs)
                .deviceTime(Descriptor.CLOCK_COUNTER, count)
                .shape(owner.formatId(), channels, frames, (long) channels * frames * Float.BYTES);
        writer.commit();
        feed.ingest.pass();
        for (int i = 0; i < frames; i++) {
            published.add(epoch + ":" + (count + i));
        }
        count += frames;
    }

    SoundFeed lose(int blocks) {
        nowNs += blocks * frames * periodNs;
        count += (long) blocks * frames;
        sequence += blocks;
        return this;
    }

    SoundFeed pass(long ns) {
        nowNs += ns;
        return this;
    }

    SoundFeed epoch() {
        owner.writer().nextEpoch();
        epoch++;
        count = 0;
        sequence = 0;
        return this;
    }

    SoundFeed count(long now) {
        count = now;
        return this;
    }

    SoundFeed delay(long ns) {
        delayNs = ns;
        return this;
    }

    SoundFeed jitter(long ns) {
        jitterNs = ns;
        return this;
    }

    SampleWalk walk(long fromNs, long toNs) {
        return new SampleWalk(feed.cursor(ID, Long.MIN_VALUE, Long.MAX_VALUE), map, fromNs, toNs);
    }

    /** {@code 25-29} of samples by what they hold, {@code gap 30 exact} of what is missing, epochs left out. */
    List<String> runs(long fromNs, long toNs) {
        var runs = new ArrayList<String>();
        var walk = walk(fromNs, toNs);
        while (walk.next()) {
            runs.add(walk.isGap() ? "gap " + walk.frames() + (walk.isExact() ? " exact" : "")
                    : sample(walk, 0) + "-" + sample(walk, walk.frames() - 1));
        }
        return runs;
    }

    private long sample(SampleWalk walk, long index) {
        var samples = walk.block().samples(channels - 1, walk.first(), (int) walk.frames());
        return (long) samples.get(ValueLayout.JAVA_FLOAT_UNALIGNED, index * Float.BYTES);
    }

    /** Every sample between two instants, by what it holds, with its epoch. */
    List<String> samples(long fromNs, long toNs) {
        var all = new ArrayList<String>();
        var walk = walk(fromNs, toNs);
        while (walk.next()) {
            for (long i = 0; !walk.isGap() && i < walk.frames(); i++) {
                all.add(walk.block().item().descriptor().epoch() + ":" + sample(walk, i));
            }
        }
        return all;
    }

    /** Every sample that came. */
    List<String> published() {
        return published;
    }

    @Override
    public void close() {
        feed.close();
    }
}
