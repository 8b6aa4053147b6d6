// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import mimir.api.media.AudioView;
import mimir.ring.Item;

/** Planar blocks as interleaved 32-bit float: samples keep every bit. Confined. */
final class WavLayout implements Layout {
    private static final ValueLayout.OfInt SAMPLE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String source;
    private final AudioView view = new AudioView();
    private final WavHeader header;

    WavLayout(String source, Item item) {
        this.source = source;
        view.wrap(item);
        this.header = new WavHeader(view.channels(), (int) Math.round(view.rateHz()));
    }

    @Override
    public String suffix() {
        return ".wav";
    }

    @Override
    public double rateHz() {
        return header.rateHz();
    }

    @Override
    public long headBytes() {
        return header.bytes();
    }

    @Override
    public long unitBytes() {
        return header.frameBytes();
    }

    @Override
    public long unitsOf(Item item) {
        return item.descriptor().height();
    }

    @Override
    public void begin(Output out) throws IOException {
        out.write(header.of(0));
    }

    @Override
    public void write(Output out, Item item) throws IOException {
        view.wrap(item);
        long stride = item.format().strideBytes().getFirst();
        if (view.frames() < 0 || (view.channels() - 1) * stride + (long) view.frames() * Float.BYTES > item.length()) {
            throw new IOException("a block of " + source + " is larger than its memory");
        }
        int most = out.capacity() / header.frameBytes();
        for (int done = 0; done < view.frames(); done += most) {
            interleave(out, done, Math.min(most, view.frames() - done));
        }
    }

    private void interleave(Output out, int from, int frames) throws IOException {
        var buffer = out.room(frames * header.frameBytes());
        int at = buffer.position();
        var memory = view.memory();
        for (int channel = 0; channel < header.channels(); channel++) {
            long sample = view.channelOffset(channel) + (long) from * Float.BYTES;
            for (int i = 0; i < frames; i++) {
                buffer.putInt(at + i * header.frameBytes() + channel * Float.BYTES,
                        memory.get(SAMPLE, sample + (long) i * Float.BYTES));
            }
        }
        buffer.position(at + frames * header.frameBytes());
    }

    @Override
    public void fill(Output out, Item before, long units) throws IOException {
        for (long i = 0; i < units * header.channels(); i++) {
            out.room(Float.BYTES).putInt(0);
        }
    }

    @Override
    public void end(Output out, long units) throws IOException {
        out.replaceHead(header.of(units));
    }
}
