// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import mimir.api.swap.Swapper;
import mimir.api.time.ClockMaps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** What the reservoir shows of running sources, across a swap: samples with one gap, and sets by clock maps. */
@Timeout(90)
class ViewsTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim";
    private static final String CAMERA = "itest.seen";
    private static final String SOUND = "itest.heard";
    private static final long SECOND_NS = 1_000_000_000;

    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    ClockMaps maps;
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs;

    private void load() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, CAMERA, 320, 240, 60, ""),
                Platform.audio(DRIVER, SOUND, 2, 192_000, ""))));
    }

    private void await(long items) {
        long wanted = published() + items;
        Platform.await(() -> published() >= wanted, () -> "blocks: " + published() + " of " + wanted);
    }

    private long published() {
        return rings.find(SOUND).orElseThrow().stats().published();
    }

    @Test
    void shouldShowEachSampleOnceAndTheSwapAsAGap() {
        load();
        await(1_000);
        swapper.swap(DRIVER, List.of());
        await(1_000);
        var reservoir = reservoirs.getService();
        assertTrue(reservoir.drain(20 * SECOND_NS));
        long before = kept(reservoir);

        var runs = reservoir.samples(SOUND, Long.MIN_VALUE, Long.MAX_VALUE);
        var gaps = new ArrayList<String>();
        long frames = 0;
        long reached = Long.MIN_VALUE;
        int epoch = 0;
        while (runs.next()) {
            var item = runs.block().item().descriptor();
            if (runs.isGap()) {
                gaps.add(epoch + " to " + item.epoch());
            } else {
                assertTrue(epoch != item.epoch() || item.deviceTime() + runs.first() == reached,
                        "samples go on inside an epoch");
                assertEquals(runs.frames() * Float.BYTES,
                        runs.block().samples(1, runs.first(), (int) runs.frames()).byteSize());
                frames += runs.frames();
                reached = item.deviceTime() + runs.first() + runs.frames();
                epoch = item.epoch();
            }
        }
        assertEquals(List.of("1 to 2"), gaps);
        assertTrue(frames >= 64 * before && frames <= 64 * kept(reservoir), before + " blocks, samples: " + frames);
        assertThrows(BadInputException.class, () -> reservoir.samples(CAMERA, 0, 1));
    }

    private static long kept(Reservoir reservoir) {
        return reservoir.stats().sources().stream().filter(source -> source.id().equals(SOUND)).findFirst()
                .orElseThrow().items();
    }

    @Test
    void shouldShowWhatBelongsTogetherByClockMaps() {
        load();
        Platform.await(() -> maps.of(CAMERA) != null && maps.of(SOUND) != null, () -> "no clock maps");
        await(1_500);
        var reservoir = reservoirs.getService();
        assertTrue(reservoir.drain(20 * SECOND_NS));
        long now = reservoir.stats().newestNs();

        var sets = reservoir.sets(List.of(CAMERA, SOUND), now - SECOND_NS / 2, now - SECOND_NS / 4, SECOND_NS / 500);
        assertTrue(sets.at(now - SECOND_NS / 4));
        assertTrue(Math.abs(sets.errorNs(0)) <= SECOND_NS / 100, "camera: " + sets.errorNs(0));
        assertTrue(Math.abs(sets.errorNs(1)) <= SECOND_NS / 1_000, "sound: " + sets.errorNs(1));
        assertEquals(maps.of(SOUND).uncertaintyNs(), sets.uncertaintyNs(1), SECOND_NS / 1_000.0);
        int pairs = 0;
        while (sets.next()) {
            pairs += sets.item(0) != null && sets.item(1) != null ? 1 : 0;
            assertFalse(sets.item(0) == null && sets.item(1) == null);
        }
        assertTrue(pairs >= 13 && pairs <= 16, "frames with a block beside: " + pairs);
        assertNotNull(sets.source(0));
        assertThrows(BadInputException.class, () -> reservoir.sets(List.of(CAMERA, CAMERA), 0, 1, 0));
    }
}
