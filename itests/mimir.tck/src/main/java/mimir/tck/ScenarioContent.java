// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import mimir.api.media.PixelFormat;
import mimir.ring.RingFormat;

/** What simulated devices show and sound like, by docs/scenario.md. Rows of pictures are prepared. Confined. */
final class ScenarioContent {
    private static final long MAGIC = 0x4B52414D4D4953AAL;
    private static final int MARK_BYTES = 64;
    private static final int PHASES = 128;

    private final RingFormat format;
    private final int source;
    private final List<Plane> planes;

    /** How a byte of a row comes about. */
    private enum Role {
        LUMA, YUYV, CB, CR, CBCR
    }

    /**
     * One plane. Immutable.
     *
     * @param pattern a row that is long enough for all phases
     * @param shift bytes that the pattern moves from one phase to the next
     */
    private record Plane(byte[] pattern, byte[] bright, int rowBytes, int rows, int shift) {
    }

    /**
     * Of one source.
     *
     * @param source its small number, see {@link mimir.ring.Descriptor#sourceId}
     */
    ScenarioContent(RingFormat format, boolean sound, int source) {
        this.format = format;
        this.source = source;
        this.planes = sound ? List.of() : planes(format.width(), format.height());
    }

    private List<Plane> planes(int width, int height) {
        return switch (PixelFormat.of(format.code())) {
            case YUYV -> List.of(plane(Role.YUYV, 2 * width, height));
            case YUV444 -> List.of(plane(Role.LUMA, width, height), plane(Role.CB, width, height),
                    plane(Role.CR, width, height));
            case NV12 -> List.of(plane(Role.LUMA, width, height), plane(Role.CBCR, width, height / 2));
            default -> List.of(plane(Role.LUMA, width, height));
        };
    }

    private Plane plane(Role role, int rowBytes, int rows) {
        int shift = role == Role.YUYV ? 4 : role == Role.LUMA ? 2 : 0;
        var pattern = new byte[rowBytes + shift * (PHASES - 1)];
        var bright = new byte[rowBytes];
        for (int at = 0; at < pattern.length; at++) {
            pattern[at] = (byte) patternByte(role, at);
        }
        for (int at = 0; at < rowBytes; at++) {
            bright[at] = (byte) (role == Role.LUMA || role == Role.YUYV && at % 2 == 0 ? 235 : 128);
        }
        return new Plane(pattern, bright, rowBytes, rows, shift);
    }

    private int patternByte(Role role, int at) {
        return switch (role) {
            case LUMA -> luma(at);
            case YUYV -> at % 2 == 0 ? luma(at / 2) : chroma(at / 2 % 2);
            case CB -> chroma(0);
            case CR -> chroma(1);
            case CBCR -> chroma(at % 2);
        };
    }

    private static int luma(int x) {
        int v = x & 255;
        return 16 + (v < 128 ? v : 255 - v) * 219 / 127;
    }

    private int chroma(int which) {
        return 64 + (source * 37 + which * 53) % 128;
    }

    /** Fills a picture. */
    void picture(MemorySegment payload, int epoch, long sequence, boolean flash) {
        long at = 0;
        for (var plane : planes) {
            for (int row = 0; row < plane.rows(); row++) {
                int phase = (int) ((row + sequence + 16L * source) % PHASES);
                MemorySegment.copy(flash ? plane.bright() : plane.pattern(), flash ? 0 : phase * plane.shift(),
                        payload, ValueLayout.JAVA_BYTE, at, plane.rowBytes());
                at += plane.rowBytes();
            }
        }
        payload.asSlice(0, MARK_BYTES).fill((byte) 0);
        payload.set(ValueLayout.JAVA_LONG, 0, MAGIC);
        payload.set(ValueLayout.JAVA_LONG, 8, sequence);
        payload.set(ValueLayout.JAVA_INT, 16, source);
        payload.set(ValueLayout.JAVA_INT, 20, epoch);
        payload.set(ValueLayout.JAVA_INT, 24, flash ? 1 : 0);
    }

    /** Fills a block: a sawtooth for each channel, and a click where one begins. */
    void block(MemorySegment payload, long firstSample, int click) {
        int frames = format.height();
        for (int channel = 0; channel < format.width(); channel++) {
            int step = 2403 * (2 * channel + 1);
            int turned = source * 40503 + channel * 9973 + (int) firstSample * step;
            long run = (long) channel * frames;
            for (int i = 0; i < frames; i++, turned += step) {
                payload.setAtIndex(ValueLayout.JAVA_FLOAT, run + i, ((turned & 0xFFFFF) - 0x80000) * 0x1p-21f);
            }
            if (click >= 0 && click < frames) {
                payload.setAtIndex(ValueLayout.JAVA_FLOAT, run + click, 1);
            }
            if (click >= -1 && click + 1 < frames) {
                payload.setAtIndex(ValueLayout.JAVA_FLOAT, run + click + 1, -1);
            }
        }
    }
}
