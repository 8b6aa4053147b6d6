// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.DropReason;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;
import mimir.ring.RingWriter;

/** A perfect device: items of one format at an even rate, whose payload somebody makes. Confined. */
final class MadeReel implements Reel {
    private final RingFormat format;
    private final boolean sound;
    private final AnalyzerBench.Content content;
    private long number = -1;

    MadeReel(RingFormat format, boolean sound, AnalyzerBench.Content content) {
        this.format = format;
        this.sound = sound;
        this.content = content;
    }

    @Override
    public RingSpec spec(String id) {
        double itemsPerSecond = sound ? format.rateHz() / format.height() : format.rateHz();
        return new RingSpec(id, sound ? Abi.ITEM_AUDIO : Abi.ITEM_FRAME, itemsPerSecond, format.payloadBytes(), format,
                RingSpec.Writer.NATIVE);
    }

    @Override
    public void next() {
        number++;
    }

    @Override
    public DropReason loss() {
        return null;
    }

    @Override
    public long dueNs() {
        double units = sound ? (number + 1.0) * format.height() : number;
        return (long) (units * 1e9 / format.rateHz());
    }

    @Override
    public boolean restarts() {
        return false;
    }

    @Override
    public void write(RingWriter writer, long at, int formatId) {
        content.fill(number, writer.memory().asSlice(at, format.payloadBytes()));
        writer.descriptor().sequence(number)
                .deviceTime(Descriptor.CLOCK_COUNTER, sound ? number * format.height() : number)
                .shape(formatId, format.width(), format.height(), format.payloadBytes());
    }
}
