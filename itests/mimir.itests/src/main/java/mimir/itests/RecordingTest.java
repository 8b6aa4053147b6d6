// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mimir.api.recording.Exporter;
import mimir.api.recording.Exporter.Exported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** Real recordings through the whole platform: played, remembered, exported, and once more after a restart. */
class RecordingTest extends RingsTest {
    private static final String SPEECH = "rec.audio.Front_Center";

    @InjectBundleContext
    BundleContext context;
    @TempDir
    Path folder;

    @Test
    void shouldExportTheLastSecondsOfWhatItPlays() throws InterruptedException {
        play();
        Platform.await(() -> published(SPEECH) > 250, () -> "blocks so far: " + published(SPEECH));

        var files = export();

        assertEquals(13, files.size());
        for (var file : files) {
            assertEquals(2.0, file.seconds(), 0.3, file::toString);
            assertEquals(0, file.missing(), file::toString);
            assertTrue(Files.exists(file.file()), file::toString);
        }
    }

    @Test
    void shouldBeginTheNextEpochWhenItPlaysAgain() throws InterruptedException {
        play();
        long before = rings.find(SPEECH).orElseThrow().stats().epoch();
        rigs.unload(Platform.PATIENCE);
        play();
        long items = published(SPEECH);
        Platform.await(() -> published(SPEECH) > items + 10, () -> "blocks so far: " + published(SPEECH));

        assertEquals(before + 1, rings.find(SPEECH).orElseThrow().stats().epoch());
        assertTrue(export().stream()
                .anyMatch(file -> file.file().toString().endsWith(SPEECH + ".e" + (before + 1) + ".wav")));
    }

    private void play() {
        var data = Path.of(System.getProperty("mimir.data", "no-such-folder"));
        assumeTrue(Files.isDirectory(data), "the folder of recordings is not here (-Dmimir.data)");
        Platform.load(rigs,
                Platform.rig(List.of("{\"driver\":\"mimir.recording\",\"folder\":\"" + data + "\",\"loop\":true}")));
    }

    /** The exporter comes with the reservoir, which a rig configures. */
    private List<Exported> export() throws InterruptedException {
        var tracker = new ServiceTracker<Exporter, Exporter>(context, Exporter.class, null);
        tracker.open();
        try {
            return tracker.waitForService(Platform.PATIENCE.toMillis())
                    .export(List.of(), 2_000_000_000L, folder, line -> { });
        } finally {
            tracker.close();
        }
    }
}
