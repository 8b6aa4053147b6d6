// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.work.WorkClass;
import mimir.ring.Abi;
import mimir.ring.Profile;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.Logger;

class WatchTest {
    private final List<String> warnings = new ArrayList<>();
    private final Camera camera = new Camera();
    private final HandWorkers workers = new HandWorkers();
    private final Watch watch = new Watch(workers, logger());

    @AfterEach
    void close() {
        watch.close();
        camera.close();
        assertEquals(List.of(), workers.running(), "workers that nobody stopped");
    }

    @Test
    void shouldRememberASourceThatIsGone() throws Exception {
        watch.begin(Duration.ZERO);
        watch.addSource(camera, Map.of());
        camera.publish(10);
        watch.end();
        camera.drain();
        camera.end();
        watch.removeSource(camera);

        var source = source();
        assertEquals(List.of("cam", "driver", "ended", 10), List.of(source.get("id"), source.get("bundle"),
                source.get("state"), source.get("published")));
        assertEquals(List.of(), watch.findings());
        assertEquals(List.of(), warnings);
    }

    @Test
    void shouldHaveReadAllOfAnEndedSourceBeforeItReports() throws Exception {
        watch.addSource(camera, Map.of());
        camera.publish(10);
        camera.drain();
        camera.end();

        var readers = (List<?>) source().get("readers");
        var own = (Map<?, ?>) readers.getLast();
        assertEquals(List.of("watch", 1, 0), List.of(own.get("name"), own.get("delivered"), own.get("pending")));
        assertEquals(Map.of("overtaken", 0, "skipped", 9), own.get("dropped"));
    }

    @Test
    void shouldWaitForTheEndOfADeviceWhoseSourceIsGone() throws Exception {
        watch.addSource(camera, Map.of());
        camera.publish(10);
        camera.drain();
        watch.removeSource(camera);
        workers.atWake(() -> {
            if (camera.stats().state() == Abi.STATE_LIVE) {
                camera.publish(1);
                camera.drain();
                camera.end();
            }
        });

        var source = source();
        assertEquals(List.of("ended", 11), List.of(source.get("state"), source.get("published")));
        var first = (Map<?, ?>) ((List<?>) source.get("readers")).getFirst();
        assertEquals(List.of(11, 0), List.of(first.get("delivered"), first.get("pending")));
    }

    /** It drains, and may be gone before it is asked what it holds. */
    @Test
    void shouldLetTheReservoirDrainFirst() throws Exception {
        watch.addSource(camera, Map.of());
        camera.publish(10);
        watch.reservoir = reservoir();

        var first = (Map<?, ?>) ((List<?>) source().get("readers")).getFirst();
        assertEquals(List.of(10, 0), List.of(first.get("delivered"), first.get("pending")));
        assertEquals(List.of(), warnings);
    }

    @Test
    void shouldTellWhatTheReservoirHadNoRoomFor() {
        watch.reservoir = (Reservoir) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {Reservoir.class}, (proxy, method, arguments) ->
                new ReservoirStats(8, 8, 8, 8, 0, 1, 0, 2_310, List.of()));

        assertEquals(List.of("the reservoir had no room for items, as windows or an export kept its memory: 2310"),
                watch.findings());
    }

    @Test
    void shouldReportWhatIsPendingWhenAReaderStands() throws Exception {
        watch.addSource(camera, Map.of());
        try (var standing = camera.ring().reader("plug-in", Profile.EVERY, Start.NOW)) {
            camera.publish(3);
            camera.drain();
            long begin = System.nanoTime();

            var last = (Map<?, ?>) ((List<?>) source().get("readers")).getLast();
            assertEquals(List.of("plug-in", 3), List.of(last.get("name"), last.get("pending")));
            assertTrue(System.nanoTime() - begin < 10_000_000_000L, "the wait has a bound");
            assertEquals(List.of("not every reader has drained within {} ms; the report counts what is pending"),
                    warnings);
            assertTrue(standing.stats().conserved());
        }
    }

    @Test
    void shouldRememberAStageThatWasDetachedAndNotWaitForOneThatStands() throws Exception {
        var stages = new ArrayList<>(List.of(stage("flow", "running"), stage("spin", "stuck")));
        watch.addSource(camera, Map.of());
        watch.analyzers = analyzers(stages);
        try (var standing = camera.ring().reader("spin", Profile.EVERY, Start.NOW)) {
            watch.begin(Duration.ZERO);
            camera.publish(3);
            camera.drain();
            stages.removeFirst();

            var report = JSON.std.mapFrom(watch.json());
            var told = ((List<?>) report.get("analysers")).stream().map(one -> ((Map<?, ?>) one).get("state")).toList();
            assertEquals(List.of("detached", "stuck"), told);
            assertEquals(List.of("analyser spin of cam is stuck: spin takes 12 s"), report.get("findings"));
            assertEquals(List.of(), warnings, "nobody waits for spin, which has " + standing.stats().pending());
        }
    }

    private static StageStats stage(String name, String state) {
        return new StageStats(name, List.of("cam"), Map.of(), WorkClass.LOW, state,
                state.equals("stuck") ? "spin takes 12 s" : "", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                Analyzers.Warm.NOT_YET, Analyzers.Trial.NONE);
    }

    private Analyzers analyzers(List<StageStats> stages) {
        return (Analyzers) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Analyzers.class},
                (proxy, method, arguments) -> List.copyOf(stages));
    }

    @Test
    void shouldTakeTheSampleOfTheWarmUpOnItsOwnThread() throws Exception {
        watch.begin(Duration.ofNanos(1));
        workers.turn("watch");
        watch.end();

        var report = JSON.std.mapFrom(watch.json());
        assertTrue((double) report.get("warmupS") >= 0 && (double) report.get("durationS") >= 0);
        assertEquals(List.of(), report.get("sources"));
    }

    private Map<?, ?> source() throws Exception {
        return (Map<?, ?>) ((List<?>) JSON.std.mapFrom(watch.json()).get("sources")).getFirst();
    }

    private Reservoir reservoir() {
        return (Reservoir) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Reservoir.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("stats")) {
                        throw new IllegalStateException("the reservoir has stopped");
                    }
                    return method.getName().equals("drain") && camera.drain() > 0;
                });
    }

    private Logger logger() {
        return (Logger) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("warn")) {
                        warnings.add((String) arguments[0]);
                    }
                    return null;
                });
    }
}
