// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import mimir.recording.Recordings;
import mimir.recording.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacerTest {
    private static final int WARM = 12_000;
    private static final int MEASURED = 4_000;

    @TempDir
    Path folder;

    @Test
    void shouldAllocateNothingPerItemOnceWarm() throws IOException {
        for (var name : new String[] {"a1.png", "b1.png", "c1.png", "d1.png"}) {
            Recordings.png(folder.resolve(name), Recordings.noise(BufferedImage.TYPE_BYTE_GRAY, 4, 4, 1));
        }
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var stage = new Stage()) {
            stage.play(folder, true, 1000);
            await(stage, WARM);
            long thread = pacer();
            long before = threads.getThreadAllocatedBytes(thread);
            await(stage, WARM + MEASURED);

            assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThanOrEqualTo(MEASURED / 2);
        }
    }

    /** As long as anything comes: a slow machine decodes a few hundred a second. */
    private static void await(Stage stage, int items) {
        for (long next = published(stage); next < items; next = published(stage) + 1) {
            long least = next;
            Registry.await(() -> published(stage) >= least);
        }
    }

    private static long published(Stage stage) {
        return 4 * stage.source("rec.a").ring().stats().published();
    }

    private static long pacer() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("recording.play"))
                .findFirst()
                .orElseThrow().threadId();
    }
}
