// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.Kind;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Analyzers.Trial;
import mimir.api.analysis.Analyzers.Warm;
import mimir.api.work.WorkClass;
import mimir.ring.Profile;
import org.junit.jupiter.api.Test;

/** When the stages of a bundle count as being back at work. */
class StageWatchTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final List<StageStats> stages = new ArrayList<>();
    private final List<Long> published = new ArrayList<>(List.of(100L));

    @Test
    void shouldNameOnlyWhatRunsOfTheBundle() {
        now("flow", "running", "", 5, 0);
        stages.add(stage("motion", "disabled", "no light", 5, 5));
        stages.add(stage("other", "running", "", 5, 0));
        var watch = watch();

        assertEquals(List.of("flow", "motion"), watch.analysers());
        assertEquals(List.of("flow of cam"), watch.names());
        assertEquals(List.of(), new StageWatch(null, "lab", source -> 0).names());
    }

    @Test
    void shouldWaitForAnItemThatWasLookedAtWithoutFault() {
        var watch = stopped();
        now("flow", "running", "", 9, 2);
        assertEquals("stage flow of cam did not look at an item within 0 s", refusal(watch));
        now("flow", "running", "", 10, 2);
        watch.await(SHORT);
    }

    @Test
    void shouldSayWhyAStageDoesNotComeBack() {
        var watch = stopped();
        now("flow", "disabled", "flow failed 5 times in a row: no light", 12, 5);
        assertEquals("stage flow of cam did not come back: flow failed 5 times in a row: no light", refusal(watch));
        now("flow", "stuck", "flow has been in its constructor for 3.0 s", 7, 0);
        assertEquals("stage flow of cam did not look at an item within 0 s: flow has been in its constructor for 3.0 s",
                refusal(watch));
    }

    @Test
    void shouldNotWaitForWhatWasDetachedOrHasNoSourceOrASilentOne() {
        var watch = stopped();
        now("flow", "running", "", 7, 0);
        long begin = System.nanoTime();
        watch.await(Duration.ofSeconds(10));
        assertTrue(System.nanoTime() - begin < 5_000_000_000L, "its source says nothing");
        now("flow", "waiting", "source cam is gone; it goes on when the source is back", 7, 0);
        published.set(0, -1L);
        watch.await(SHORT);
        stages.clear();
        watch.await(SHORT);
    }

    /** It ran, and was stopped after its seventh item; its source goes on. */
    private StageWatch stopped() {
        now("flow", "running", "", 5, 0);
        var watch = watch();
        now("flow", "waiting", "analyser flow is gone; start its bundle", 7, 0);
        watch.stopped();
        return watch;
    }

    private String refusal(StageWatch watch) {
        return assertThrows(IllegalStateException.class, () -> watch.await(SHORT)).getMessage();
    }

    private void now(String name, String state, String cause, long items, long failures) {
        stages.removeIf(stage -> stage.name().equals(name));
        stages.add(stage(name, state, cause, items, failures));
    }

    private static StageStats stage(String name, String state, String cause, long items, long failures) {
        return new StageStats(name, List.of("cam"), Map.of(), WorkClass.NORMAL, state, cause, 1, items, 0, 0, 0, 0,
                failures, 0, 0, 0, 0, 0, Warm.NOT_YET, Trial.NONE);
    }

    private StageWatch watch() {
        var kinds = List.of(kind("flow", "lab"), kind("motion", "lab"), kind("other", "elsewhere"));
        var type = new Class<?>[] {Analyzers.class};
        var analyzers = (Analyzers) Proxy.newProxyInstance(getClass().getClassLoader(), type,
                (proxy, method, arguments) -> method.getName().equals("kinds") ? kinds : List.copyOf(stages));
        return new StageWatch(analyzers, "lab", source -> published.getFirst());
    }

    private static Kind kind(String name, String bundle) {
        return new Kind(name, bundle, List.of("frame"), List.of(), List.of(), WorkClass.NORMAL, 1, Profile.EVERY,
                Map.of(), "");
    }
}
