// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import mimir.ring.ReaderStats;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InPlaceReaderTest {
    private final Camera camera = new Camera();
    private final InPlaceReader inPlace = new InPlaceReader();

    @AfterEach
    void close() {
        inPlace.close();
        camera.close();
    }

    @Test
    void shouldLookWithoutCopyOrAllocation() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        inPlace.add(camera.ring());
        long allocated = 0;
        for (int i = 0; i < 60_000; i++) {
            camera.publish(1);
            long before = threads.getCurrentThreadAllocatedBytes();
            inPlace.look();
            allocated += i < 30_000 ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertEquals(0, allocated / 30_000, "bytes per look");
        assertEquals(List.of(60_000L, 0L, 0L), List.of(watch().delivered(), watch().bytesCopied(),
                watch().checksumErrors()));
    }

    @Test
    void shouldFindAWrongChecksum() {
        inPlace.add(camera.ring());
        camera.publish(1);
        camera.damage(0);

        assertEquals(1, inPlace.look());
        assertEquals(1, watch().checksumErrors());
        assertEquals(List.of("reader watch of cam found wrong checksums: 1"),
                Findings.of(List.of(camera.stats()), List.of(), List.of(), List.of()));
    }

    @Test
    void shouldLookAtTheNewestOnlyAndFollowTheSourceThroughASwap() {
        inPlace.add(camera.ring());
        camera.publish(5);
        assertEquals(1, inPlace.look());
        camera.end();
        camera.reopen();
        inPlace.add(camera.ring());
        camera.publish(1);
        assertEquals(1, inPlace.look());

        assertEquals(List.of(2L, 4L, 0L), List.of(watch().delivered(), watch().skipped(), watch().pending()));
        assertEquals(1, camera.stats().readers().stream().filter(one -> one.name().equals("watch")).count());
    }

    private ReaderStats watch() {
        var readers = camera.stats().readers();
        return readers.stream().filter(one -> one.name().equals("watch")).findFirst().orElseThrow();
    }
}
