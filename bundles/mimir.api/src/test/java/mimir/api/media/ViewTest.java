// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Map;
import mimir.ring.Abi;
import mimir.ring.Profile;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ViewTest {
    @Test
    void shouldShowPlanesAndRowsInPlace() {
        var format = PixelFormat.YUV444.packed(8, 4, 2, 60, 1, 0);
        try (var store = new RingStore(Map.of()); var owner = open(store, Abi.ITEM_FRAME, format)) {
            publish(owner, format, 8, 4);
            try (var reader = owner.ring().reader("view", Profile.EVERY, Start.OLDEST); var lease = reader.next()) {
                var frame = new FrameView().wrap(lease);

                assertEquals(PixelFormat.YUV444, frame.pixelFormat());
                assertEquals(3, frame.planes());
                assertEquals(lease.memory().address() + lease.offset() + 32, frame.plane(1).address());
                assertEquals(32, frame.plane(2).byteSize());
                assertEquals(frame.plane(1).address() + 16, frame.rows(1, 2, 1).address());
                assertEquals((byte) (32 + 16), frame.rows(1, 2, 1).get(ValueLayout.JAVA_BYTE, 0));
                assertThrows(IndexOutOfBoundsException.class, () -> frame.rows(1, 3, 2));
                assertThrows(IllegalArgumentException.class, () -> frame.plane(0).fill((byte) 1),
                        "views are read-only");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PixelFormat.class)
    void shouldShowARegionInPlace(PixelFormat pixels) {
        var format = pixels.packed(16, 8, 0, 60, 1, 0);
        try (var store = new RingStore(Map.of()); var owner = open(store, Abi.ITEM_FRAME, format)) {
            publish(owner, format, 16, 8);
            try (var reader = owner.ring().reader("view", Profile.EVERY, Start.OLDEST); var lease = reader.next()) {
                var frame = new FrameView().wrap(lease);
                long row = frame.strideBytes(0);
                long pixel = row / 16;
                long whole = frame.plane(0).address();
                frame.region(2, 2, 12, 6).region(2, 2, 4, 2);

                assertEquals(4, frame.width());
                assertEquals(2, frame.height());
                assertEquals(whole + 4 * row + 4 * pixel, frame.plane(0).address());
                assertEquals(row + 4 * pixel, frame.plane(0).byteSize());
                assertEquals(whole + 5 * row + 4 * pixel, frame.rows(0, 1, 1).address());
                assertEquals(lease.memory().address() + frame.planeOffset(0), frame.plane(0).address());
                int last = frame.planes() - 1;
                int rows = pixels == PixelFormat.NV12 ? 2 : 4;
                assertEquals(lease.memory().address() + lease.offset() + format.planeOffsets().get(last)
                        + rows * frame.strideBytes(last) + 4 * pixel, frame.plane(last).address());
                assertThrows(IndexOutOfBoundsException.class, () -> frame.rows(0, 1, 2));
                assertThrows(IndexOutOfBoundsException.class, () -> frame.region(2, 0, 4, 2));
                assertEquals(16, frame.wrap(lease).width());
                assertEquals(whole, frame.plane(0).address());
            }
        }
    }

    @Test
    void shouldNotPartWhatBelongsTogether() {
        var format = PixelFormat.NV12.packed(16, 8, 0, 60, 1, 0);
        try (var store = new RingStore(Map.of()); var owner = open(store, Abi.ITEM_FRAME, format)) {
            publish(owner, format, 16, 8);
            try (var reader = owner.ring().reader("view", Profile.EVERY, Start.OLDEST); var lease = reader.next()) {
                var frame = new FrameView().wrap(lease);

                assertThrows(IllegalArgumentException.class, () -> frame.region(1, 0, 4, 2));
                assertThrows(IllegalArgumentException.class, () -> frame.region(0, 2, 4, 3));
                assertThrows(IllegalArgumentException.class, () -> frame.region(0, 0, 0, 2));
            }
        }
    }

    @Test
    void shouldShowChannelsAndRunsOfSamplesInPlace() {
        var format = SampleFormat.F32_PLANAR.planar(4, 16, 48_000);
        try (var store = new RingStore(Map.of()); var owner = open(store, Abi.ITEM_AUDIO, format)) {
            publish(owner, format, 4, 16);
            try (var reader = owner.ring().reader("view", Profile.EVERY, Start.OLDEST); var lease = reader.next()) {
                var block = new AudioView().wrap(lease);

                assertEquals(4, block.channels());
                assertEquals(48_000, block.rateHz());
                assertEquals(lease.memory().address() + block.channelOffset(2), block.channel(2).address());
                assertEquals(block.channel(2).address() + 12, block.samples(2, 3, 5).address());
                assertEquals(20, block.samples(2, 3, 5).byteSize());
                assertThrows(IndexOutOfBoundsException.class, () -> block.samples(4, 0, 1));
                assertThrows(IndexOutOfBoundsException.class, () -> block.samples(0, 12, 5));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GREY,307200", "YUYV,614400", "YUV444,921600", "NV12,460800", "RGB24,921600", "BAYER_GRBG,307200"})
    void shouldKnowTheBytesOfAPackedFrame(PixelFormat format, long bytes) {
        assertEquals(bytes, format.packed(640, 480, 0, 60, 1, 0).payloadBytes());
        assertEquals(format, PixelFormat.of(format.code()));
    }

    @ParameterizedTest
    @EnumSource(PayloadKind.class)
    void shouldCarryEveryKindOfHandleUntouched(PayloadKind kind) {
        var format = PixelFormat.GREY.packed(8, 8, 0, 60, 1, 0);
        try (var store = new RingStore(Map.of()); var owner = open(store, Abi.ITEM_FRAME, format);
                var reader = owner.ring().reader("handles", Profile.EVERY, Start.OLDEST)) {
            var writer = owner.writer();
            writer.claim();
            writer.descriptor().shape(1, 8, 8, kind == PayloadKind.INLINE ? 48 : 64);
            if (kind != PayloadKind.MEMORY) { // whose handle is the ring's own to set
                writer.descriptor().payload(kind.ordinal(), 11, 22, 33);
            }
            writer.commit();
            try (var lease = reader.next()) {
                assertEquals(kind, PayloadKind.of(lease.descriptor()));
                assertEquals(kind == PayloadKind.MEMORY ? lease.offset() : 11, lease.descriptor().handle(0));
                assertEquals(kind == PayloadKind.MEMORY ? 0 : 33, lease.descriptor().handle(2));
            }
        }
    }

    @Test
    void shouldAllocateNothingWhenWrappedOverItems() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var format = PixelFormat.YUYV.packed(64, 64, 0, 60, 1, 0);
        try (var store = new RingStore(Map.of()); var owner = open(store, Abi.ITEM_FRAME, format);
                var reader = owner.ring().reader("view", Profile.EVERY, Start.OLDEST)) {
            var view = new FrameView();
            long sum = walk(owner, format, view, reader, 50_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            sum += walk(owner, format, view, reader, 100_000);

            assertEquals(0, (threads.getCurrentThreadAllocatedBytes() - before) / 100_000, "bytes per item, sum "
                    + sum);
        }
    }

    private static long walk(RingOwner owner, RingFormat format, FrameView view, RingReader reader, int items) {
        long sum = 0;
        for (int i = 0; i < items; i++) {
            publish(owner, format, 64, 64);
            var lease = reader.next();
            view.wrap(lease);
            sum += view.memory().get(ValueLayout.JAVA_BYTE, view.planeOffset(0)) + view.strideBytes(0);
            lease.release();
        }
        return sum;
    }

    private static RingOwner open(RingStore store, int kind, RingFormat format) {
        return store.open(new RingSpec("test", kind, 60, format.payloadBytes(), format, RingSpec.Writer.JAVA), "test");
    }

    private static void publish(RingOwner owner, RingFormat format, int width, int height) {
        var writer = owner.writer();
        long at = writer.claim();
        for (int i = 0; i < Math.min(format.payloadBytes(), 96); i++) {
            writer.memory().set(ValueLayout.JAVA_BYTE, at + i, (byte) i);
        }
        writer.descriptor().shape(owner.formatId(), width, height, format.payloadBytes());
        writer.commit();
    }
}
