// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mimir.api.media.AudioView;
import mimir.api.media.FrameView;

/**
 * The content of simulated items by docs/scenario.md, written a second time from its words: what the C must have put
 * there. Immutable.
 */
final class Content {
    private static final long MAGIC = 0x4B52414D4D4953AAL;
    private static final int MARK_BYTES = 64;

    private Content() {
    }

    /** True when a YUYV frame is right, flash or not. */
    static boolean right(FrameView frame) {
        var item = frame.item().descriptor();
        var payload = frame.memory().asSlice(frame.planeOffset(0), frame.item().length());
        boolean mark = word(payload, 0) == MAGIC && word(payload, 8) == item.sequence()
                && payload.get(ValueLayout.JAVA_INT, 16) == item.sourceId()
                && payload.get(ValueLayout.JAVA_INT, 20) == item.epoch();
        boolean flash = payload.get(ValueLayout.JAVA_INT, 24) == 1;
        for (long at = MARK_BYTES; mark && at < payload.byteSize(); at++) {
            long y = at / frame.strideBytes(0);
            mark = (payload.get(ValueLayout.JAVA_BYTE, at) & 0xff)
                    == yuyv(at % frame.strideBytes(0), y, item.sequence(), item.sourceId(), flash);
        }
        return mark;
    }

    private static int yuyv(long byteOfRow, long y, long sequence, int source, boolean flash) {
        boolean luma = byteOfRow % 2 == 0;
        if (flash) {
            return luma ? 235 : 128;
        }
        if (!luma) {
            return 64 + (source * 37 + (int) (byteOfRow / 2 % 2) * 53) % 128;
        }
        long v = byteOfRow / 2 + 2 * ((y + sequence + 16L * source) % 128) & 255;
        return (int) (16 + (v < 128 ? v : 255 - v) * 219 / 127);
    }

    private static long word(MemorySegment payload, long at) {
        return payload.get(ValueLayout.JAVA_LONG, at);
    }

    /** True when a block is right; a click is allowed. */
    static boolean right(AudioView block) {
        int source = block.item().descriptor().sourceId();
        long first = block.item().descriptor().sequence() * block.frames();
        for (int channel = 0; channel < block.channels(); channel++) {
            var run = block.channel(channel);
            boolean clicking = run.get(ValueLayout.JAVA_FLOAT, 0) == -1;
            for (int i = 0; i < block.frames(); i++) {
                float sample = run.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                float expected = clicking ? -1 : sample == 1 ? 1 : saw(first + i, channel, source);
                clicking = sample == 1;
                if (sample != expected) {
                    return false;
                }
            }
        }
        return true;
    }

    private static float saw(long sample, int channel, int source) {
        int turned = source * 40503 + channel * 9973 + (int) sample * 2403 * (2 * channel + 1);
        return ((turned & 0xFFFFF) - 0x80000) / 2097152f;
    }
}
