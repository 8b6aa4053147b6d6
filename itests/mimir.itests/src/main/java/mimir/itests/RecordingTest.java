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
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirStats;
import mimir.ring.Abi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** Real recordings through the whole platform: played, remembered, exported, and once more after a restart. */
class RecordingTest extends RingsTest {
    private static final String SPEECH = "rec.audio.Front_Center";
    private static final double LEAST_S = 0.15;

    // both come with a rig
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs;
    @InjectService(cardinality = 0)
    ServiceAware<Exporter> exporters;
    @TempDir
    Path folder;

    @Test
    void shouldExportTheLastSecondsOfWhatItPlays() throws InterruptedException {
        play();
        awaitSeconds(1.5);

        var files = export();
        for (int again = 0; again < 5 && !isWhole(files); again++) { // for want of a processor nothing may be played
            long items = published(SPEECH);
            Platform.await(() -> published(SPEECH) > items + 100, () -> "blocks so far: " + published(SPEECH));
            files = export();
        }

        assertEquals(13, files.size());
        for (var file : files) {
            // players decode in class LOW: where two cores have other work less is played, and the rest is counted
            assertTrue(file.seconds() > LEAST_S && file.seconds() < 1.3, file::toString);
            assertTrue(Files.exists(file.file()), file::toString);
        }
    }

    private static boolean isWhole(List<Exported> files) {
        return files.size() == 13 && files.stream().allMatch(file -> file.seconds() > LEAST_S);
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

    /** On a machine with other work players start late: of none may less be remembered than is exported. */
    private void awaitSeconds(double seconds) throws InterruptedException {
        var reservoir = reservoirs.waitForService(Platform.PATIENCE.toMillis());
        Platform.await(() -> reservoir.stats().sources().stream().filter(source -> source.id().startsWith("rec."))
                .filter(source -> seconds(source) >= seconds).count() == 13, // what others have left may be there, too
                () -> reservoir.stats().sources().toString());
    }

    private double seconds(ReservoirStats.PerSource source) {
        var stats = rings.find(source.id()).orElseThrow().stats();
        var format = stats.formats().getFirst();
        int perItem = stats.itemKind() == Abi.ITEM_AUDIO ? format.height() : 1;
        return (double) source.items() * perItem * format.rateDenominator() / format.rateNumerator();
    }

    private void play() {
        var data = Path.of(System.getProperty("mimir.data", "no-such-folder"));
        assumeTrue(Files.isDirectory(data), "the folder of recordings is not here (-Dmimir.data)");
        Platform.load(rigs,
                Platform.rig(List.of("{\"driver\":\"mimir.recording\",\"folder\":\"" + data + "\",\"loop\":true}")));
    }

    private List<Exported> export() throws InterruptedException {
        return exporters.waitForService(Platform.PATIENCE.toMillis())
                .export(List.of(), 1_000_000_000L, folder, line -> { });
    }
}
