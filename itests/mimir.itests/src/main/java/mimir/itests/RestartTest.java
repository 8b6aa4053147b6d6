// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.Start;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.test.common.annotation.InjectService;

/** One device begins anew while the others of its driver go on; and what a reader sees of a swap. */
@Timeout(60)
class RestartTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim";

    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    ConfigurationAdmin configurations;

    @Test
    void shouldRestartOneDeviceAndLeaveTheOthersOfItsDriverAlone() throws Exception {
        load();
        try (var witness = new Witness(workers, List.of(rings.find("restart.other").orElseThrow(),
                rings.find("restart.audio").orElseThrow()));
                var reader = rings.find("restart.camera").orElseThrow().reader("stayed", Profile.EVERY, Start.NOW)) {
            int first = epoch("restart.camera");
            awaitItem(reader);
            var others = List.of(epoch("restart.other"), epoch("restart.audio"));
            var restarted = swapper.restart("restart.camera");

            assertEquals(Swapped.Outcome.SWAPPED, restarted.outcome(), restarted::toString);
            var gap = restarted.sources().getFirst();
            assertEquals(List.of("restart.camera", first, first + 1),
                    List.of(gap.source(), gap.epochBefore(), gap.epochAfter()));
            assertTrue(gap.gapNs() > 0, restarted::toString);
            long published = published("restart.camera");
            Platform.await(() -> published("restart.camera") > published + 5, () -> "it delivers nothing");
            assertEquals(List.of(first, first + 1), epochsOf(reader, published + 5));
            assertEquals(others, List.of(epoch("restart.other"), epoch("restart.audio")));
            witness.assertSawEverything();
        }
        var line = swapper.journal().getLast();
        assertTrue(line.contains("\"what\":\"restart\"") && line.contains("\"source\":\"restart.camera\""), line);
    }

    @Test
    void shouldRefuseADeviceThatIsNotThere() {
        load();
        var refused = assertThrows(BadInputException.class, () -> swapper.restart("nobody"));
        assertEquals("there is no device 'nobody' to be restarted; name one of restart.audio, restart.camera,"
                + " restart.other", refused.getMessage());
    }

    @Test
    void shouldShowReadersOneEpochChangeForASwapAndKeepTheConfiguration() throws Exception {
        load();
        var before = configured();
        int first = epoch("restart.camera");
        try (var reader = rings.find("restart.camera").orElseThrow().reader("stayed", Profile.EVERY, Start.NOW)) {
            awaitItem(reader);
            assertEquals(Swapped.Outcome.SWAPPED, swapper.swap(DRIVER, List.of()).outcome());
            assertEquals(Swapped.Outcome.SWAPPED, swapper.swap(DRIVER, List.of()).outcome());
            long published = published("restart.camera");
            Platform.await(() -> published("restart.camera") > published + 5, () -> "it delivers nothing");

            assertEquals(List.of(first, first + 1, first + 2), epochsOf(reader, published + 5));
            assertTrue(reader.stats().conserved(), () -> reader.stats().toString());
        }
        assertEquals(before, configured());
    }

    private List<String> configured() throws Exception {
        var found = new ArrayList<String>();
        for (var one : configurations.listConfigurations("(id=restart.*)")) {
            found.add(one.getPid() + " " + one.getChangeCount() + " " + one.getProperties());
        }
        return found;
    }

    /** A reader sees an epoch only by an item of it. */
    private static void awaitItem(RingReader reader) {
        Platform.await(() -> reader.stats().pending() > 0, () -> "nothing comes: " + reader.stats());
    }

    /** Epochs in the order in which a reader sees them, until it has seen so many items published. */
    private static List<Integer> epochsOf(RingReader reader, long published) {
        var epochs = new ArrayList<Integer>();
        Platform.await(() -> {
            for (var lease = reader.next(); lease != null; lease = reader.next()) {
                int epoch = lease.descriptor().epoch();
                if (lease.release() && (epochs.isEmpty() || epochs.getLast() != epoch)) {
                    epochs.add(epoch);
                }
            }
            return reader.stats().published() >= 5 && reader.stats().pending() < 5 && epochs.size() > 1;
        }, () -> epochs + " of " + published + " items: " + reader.stats());
        return epochs;
    }

    private void load() {
        var ids = List.of("restart.camera", "restart.other", "restart.audio");
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, ids.get(0), 64, 64, 60, ""),
                Platform.camera(DRIVER, ids.get(1), 64, 64, 60, ""),
                Platform.audio(DRIVER, ids.get(2), 2, 48_000, ""))));
        ids.forEach(id -> Platform.await(() -> published(id) > 3, () -> id + " does not run"));
    }
}
