// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mimir.api.media.PixelFormat;
import mimir.api.reservoir.Reservoir;
import mimir.recording.TestWorkers;
import mimir.reservoir.LiveReservoir;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that stands still over items that stay in their ring, while the driver goes on. */
@Timeout(60)
class StalledInPlaceTest {
    private static final long S = 1_000_000_000L;
    private static final int SIDE = 64;
    private static final int SLOTS = 256;
    private static final int FRAMES = 60;
    private static final int LOST = 5;
    private static final int HEAD = "FRAME\n".length();
    private static final int FIRST_PAYLOAD = 3; // write: the file's head, and that of the frame, come before it

    @TempDir
    Path scratch;

    private final RingStore store = RingStore.unseen(Map.of("deep", new String[] {"cam"}, "deep.seconds", 4.0));
    private final RingOwner owner = open();
    private final LiveReservoir live = new LiveReservoir(32L << 20, owner.ring());
    private final Reservoir reservoir = live.reservoir();
    private long sequence;

    private RingOwner open() {
        var format = PixelFormat.GREY.packed(SIDE, SIDE, 0, 60, 1, 0);
        return store.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, format.payloadBytes(), format, RingSpec.Writer.JAVA),
                "test");
    }

    @AfterEach
    void close() {
        live.close();
        owner.close();
        store.close();
    }

    /** The reservoir keeps up with it. */
    private void publish(int frames) {
        for (int i = 0; i < frames; i++) {
            var writer = owner.writer();
            long at = writer.claim();
            writer.memory().asSlice(at, SIDE * SIDE).fill((byte) sequence);
            writer.descriptor().sequence(sequence++).hostTimeNs(HostClock.nowNs())
                    .shape(owner.formatId(), SIDE, SIDE, SIDE * SIDE);
            writer.commit();
            if (i % 16 == 15 || i == frames - 1) {
                assertThat(reservoir.drain(10 * S)).isTrue();
            }
        }
    }

    private Path export(Disk disk, String folder) {
        var exporter = new ReservoirExporter(reservoir, new FakeWindows(), new TestWorkers(), disk, null);
        return exporter.export(List.of(), 60 * S, scratch.resolve(folder), line -> { }).getFirst().file();
    }

    private void assertCaptureUnharmed(int missing) {
        var stats = reservoir.stats();
        assertThat(stats.refused()).isZero();
        assertThat(stats.sources().getFirst().lost()).isZero();
        assertThat(stats.sources().getFirst().inPlace()).isTrue();
        var cursor = reservoir.open("cam", Long.MIN_VALUE, Long.MAX_VALUE);
        long items = 0;
        long first = -1;
        long last = -1;
        while (cursor.next()) {
            items++;
            last = cursor.descriptor().sequence();
            first = first < 0 ? last : first;
        }
        assertThat(items).isEqualTo(last - first + 1 - missing);
        assertThat(last).isEqualTo(sequence - 1);
        assertThat(cursor.overtaken()).isZero();
    }

    @Test
    void shouldSayThatTheDriverCameRoundAndHarmNothing() throws IOException {
        publish(FRAMES);
        var folder = scratch.resolve("out");
        var stalled = new HookedDisk(FIRST_PAYLOAD + 2 * 20, () -> publish(SLOTS));

        assertThatThrownBy(() -> export(stalled, "out")).isInstanceOf(UncheckedIOException.class)
                .hasMessage("the disk of " + folder + " took longer over one item of cam than its ring lasts, which"
                        + " keeps it in place; name a faster disk, or take the source out of reservoir.own, nothing"
                        + " was written");
        assertThat(folder).doesNotExist();
        assertCaptureUnharmed(0);
        assertThat(reservoir.stats().pinnedBytes()).isZero();
        assertThat(export(Disk.REAL, "again")).as("the next one").exists();
    }

    @Test
    void shouldGoOnWithTheCopyWhereTheDriverHasNotComeYet() throws IOException {
        publish(FRAMES);
        var stalled = new HookedDisk(FIRST_PAYLOAD + 2 * 20, () -> publish(SLOTS - FRAMES));

        var file = export(stalled, "out");
        assertFrames(file);
        assertCaptureUnharmed(0);
    }

    /** What stands for lost frames is the one before, also where its slot was written anew since. */
    @Test
    void shouldFillAHoleWithTheFrameBeforeThatWasCopiedMeanwhile() throws IOException {
        int before = 49;
        publish(before + 1);
        sequence += LOST;
        publish(10);
        var stalled = new HookedDisk(Map.of(FIRST_PAYLOAD + 2 * before, () -> publish(SLOTS - FRAMES),
                FIRST_PAYLOAD + 2 * before + 1, () -> publish(SLOTS / 2)));

        var file = export(stalled, "out");
        var bytes = Files.readAllBytes(file);
        int frame = HEAD + SIDE * SIDE;
        int at = bytes.length % frame + before * frame + HEAD;
        for (int i = at; i < at + SIDE * SIDE; i++) {
            assertThat(bytes[i]).isEqualTo((byte) before);
            assertThat(bytes[i + frame]).as("in place of a lost one").isEqualTo((byte) before);
        }
        assertCaptureUnharmed(LOST);
    }

    private static void assertFrames(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        int frame = HEAD + SIDE * SIDE;
        assertThat(bytes.length / frame).isEqualTo(FRAMES);
        for (int n = 0; n < FRAMES; n++) {
            int at = bytes.length % frame + n * frame + HEAD;
            assertThat(bytes[at]).isEqualTo((byte) n);
            assertThat(bytes[at + SIDE * SIDE - 1]).isEqualTo((byte) n);
        }
    }
}
