// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.report.Reporter;
import mimir.api.work.Workers;
import mimir.ring.Ring;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Analysers beside capture, by commands of the shell alone. */
@Timeout(120)
class AnalysisShellTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";

    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    CommandProcessor processor;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    Reporter reporter;
    @InjectBundleContext
    BundleContext context;

    private PlantedAnalyzers planted;

    @BeforeEach
    void plant() {
        planted = new PlantedAnalyzers(context);
    }

    @AfterEach
    void leaveNoStage() {
        planted.close();
        for (var stage : analyzers.stages()) {
            if (stage.name().startsWith("itest-") && stage.users() > 0) {
                analyzers.detach(stage.name(), stage.sources());
            }
        }
        Platform.await(() -> stages().isEmpty(), () -> "stages that are left: " + stages());
    }

    @Test
    void shouldAttachReadAndDetachWithoutTheLossOfAFrame() throws Exception {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "look.camera.1", 320, 240, 60, ""),
                Platform.camera(SIM, "look.camera.2", 320, 240, 60, ""))));
        planted.mark("itest-mark");
        try (var witness = new Witness(workers, sources("look.camera.1", "look.camera.2"))) {
            assertEquals("itest-mark is attached to look.camera.1 and look.camera.2\n",
                    run("attach look.camera.* itest-mark"));
            for (int round = 0; round < 10; round++) {
                long so = stage("itest-mark", "look.camera.1").results();
                Platform.await(() -> stage("itest-mark", "look.camera.1").results() > so + 5, () -> run("analysers"));
                assertEquals("itest-mark is detached from look.camera.1\n", run("detach look.camera.1 itest-mark"));
                run("attach look.camera.1 itest-mark");
            }
            Platform.await(() -> stage("itest-mark", "look.camera.2").results() > 100, () -> run("analysers"));
            assertMarks(run("results look.camera.2 mark --last 1s --json"), 30);
            rigs.unload(Platform.PATIENCE);
            witness.assertSawEverything();
        }
        var stage = stage("itest-mark", "look.camera.2");
        assertEquals(List.of(0L, 0L), List.of(stage.failures(), stage.overtaken()), stage::toString);
        planted.close();
        run("detach look.camera.* itest-mark");
        assertMarks(run("results look.camera.2 mark --json"), 10);
        assertTrue(run("rings").lines().anyMatch(line -> line.matches("look.camera.2/itests.mark@1 +result .*")),
                () -> run("rings"));
    }

    private static void assertMarks(String json, int least) throws Exception {
        var found = (Map<?, ?>) JSON.std.listFrom(json).getFirst();
        var results = (List<?>) found.get("results");
        assertTrue(results.size() >= least, json);
        for (var result : results) {
            var fields = (Map<?, ?>) ((Map<?, ?>) result).get("fields");
            assertEquals(((Map<?, ?>) result).get("sequence"), fields.get("number"), "the frame's own number");
        }
    }

    @Test
    void shouldContainWhatSleepsThrowsSpinsAndAllocatesAllAtOnce() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "host.camera.1", 640, 480, 60, ""),
                Platform.camera(SIM, "host.camera.2", 640, 480, 60, ""),
                Platform.audio(SIM, "host.audio", 8, 192_000, ""))));
        planted.mark("itest-mark");
        planted.hostile();
        try (var witness = new Witness(workers, sources("host.camera.1", "host.camera.2", "host.audio"))) {
            run("attach host.camera.2 itest-mark");
            for (var name : List.of("itest-sleep", "itest-throw", "itest-spin", "itest-eat")) {
                run("attach host.camera.1 " + name);
            }
            awaitCause("itest-throw", "disabled", "the lens cap is on");
            awaitCause("itest-sleep", "stuck", "itest-sleep takes");
            awaitCause("itest-spin", "stuck", "itest-spin takes");
            // on a machine where 18 MiB take it a second it is disabled for that
            Platform.await(() -> stage("itest-eat", "host.camera.1").cause().matches(
                    "itest-eat (allocates [\\d.]+ MiB in a second and may allocate 64|takes).*"),
                    () -> run("analysers"));
            var findings = reporter.findings();
            assertTrue(findings.stream().anyMatch(finding ->
                    finding.startsWith("analyser itest-spin of host.camera.1 is stuck: ")), findings::toString);
            long so = stage("itest-mark", "host.camera.2").results();
            Platform.await(() -> stage("itest-mark", "host.camera.2").results() > so + 60, () -> run("analysers"));

            assertTrue(run("enable host.camera.1 itest-throw").startsWith("itest-throw goes on"));
            awaitCause("itest-throw", "disabled", "the lens cap is on");
            for (var name : List.of("itest-throw", "itest-sleep", "itest-eat", "itest-spin")) {
                assertTrue(run("detach host.camera.1 " + name).startsWith(name + " is detached from"), name);
            }
            planted.endSpin();
            Platform.await(() -> stages().size() == 1, () -> run("analysers"));
            rigs.unload(Platform.PATIENCE);
            witness.assertSawEverything();
        }
        assertNothingLost("reservoir", "host.camera.1", "host.camera.2", "host.audio");
    }

    @Test
    void shouldContainWhatHangsInItsConstructorOrClose() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "hang.camera", 320, 240, 60, ""))));
        planted.mark("itest-mark");
        planted.hanging();
        try (var witness = new Witness(workers, sources("hang.camera"))) {
            var told = assertThrows(IllegalStateException.class, () -> tryRun("attach hang.camera itest-unborn"));
            assertTrue(told.getMessage().startsWith("itest-unborn of hang.camera is stuck: itest-unborn has been in"
                    + " its constructor for "), told::getMessage);
            run("attach hang.camera itest-mark");
            run("attach hang.camera itest-cling");
            Platform.await(() -> stage("itest-mark", "hang.camera").results() > 5, () -> run("analysers"));
            assertTrue(run("detach hang.camera itest-cling").contains("is still in its close"));
            assertTrue(run("detach hang.camera itest-unborn").contains("is still in its constructor"));
            assertTrue(run("analysers").contains("itest-unborn of hang.camera is stuck: "), () -> run("analysers"));
            planted.endSpin();
            Platform.await(() -> stages().size() == 1, () -> run("analysers"));
            rigs.unload(Platform.PATIENCE);
            witness.assertSawEverything();
        }
    }

    private void awaitCause(String name, String state, String words) {
        Platform.await(() -> stage(name, "host.camera.1").state().equals(state)
                && stage(name, "host.camera.1").cause().contains(words), () -> run("analysers"));
        assertTrue(run("analysers").contains(name + " of host.camera.1 is " + state + ": "), () -> run("analysers"));
    }

    private void assertNothingLost(String name, String... ids) {
        for (var ring : sources(ids)) {
            var reader = ring.stats().readers().stream().filter(one -> one.name().equals(name)).findFirst()
                    .orElseThrow();
            assertEquals(ring.stats().published(), reader.delivered() + reader.pending(), reader::toString);
            Stalls.assertNothingLost(ring);
        }
    }

    @Test
    void shouldRefuseInOneSentence() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "deny.camera", 320, 240, 30, ""))));
        planted.mark("itest-mark");
        planted.mark("itest-twin");
        run("attach deny.camera itest-mark");

        var refused = assertThrows(BadInputException.class, () -> tryRun("attach deny.camera itest-twin"));
        assertTrue(refused.getMessage().contains("itests.mark@1 already"), refused::getMessage);
        assertUsage("attach deny.camera itest-mark near=2", "analyser itest-mark has no parameter 'near'; it has none");
        assertUsage("attach deny.camera grey x=1", "analyser grey has no parameter 'x'; it has none");
        assertUsage("attach deny.camera corners least=much",
                "parameter least of analyser corners cannot be 'much'; give a number, such as 2");
        assertUsage("attach deny.camera level", "analyser level takes audio and deny.camera sends frame:YUYV; ");
        assertUsage("detach deny.camera itest-twin", "itest-twin is not attached to deny.camera; attached are ");
        assertUsage("enable deny.camera itest-mark", "itest-mark of deny.camera is not disabled, it is running");
        assertUsage("enable deny.* nobody", "nobody is attached to no source that fits 'deny.*'; there is none");
        assertUsage("results deny.camera flow", "there are no results 'flow' of deny.camera; there is itests.mark@1");
        assertUsage("results nowhere", "there is no source 'nowhere'; there is deny.camera");
        assertUsage("results deny.camera --last soon", "--last ");
        assertUsage("types flaw", "there is no type 'flaw'; there are ");
        assertUsage("analysers all", "analysers has no use for 'all'; usage: analysers ");
        run("attach deny.camera flow");
        assertUsage("detach deny.camera grey", "grey of deny.camera came along with ");
        run("attach deny.camera grey");
        assertEquals("grey stays at deny.camera for those who want it, too\n", run("detach deny.camera grey"));
        run("detach deny.camera flow");
        assertTellsOfItsFirstItem("attach deny.camera corners distance=5000",
                "corners of deny.camera is disabled: corners could not begin: ");
        run("detach deny.camera corners");
    }

    /** In one of five rounds: a command does not wait long for the first item, which may come later. */
    private void assertTellsOfItsFirstItem(String line, String sentence) {
        for (int round = 1; !tells(line, sentence); round++) {
            assertTrue(round < 5, () -> run("analysers"));
            run(line.replace("attach", "detach").replaceAll(" [^ ]+=.*", ""));
        }
    }

    private boolean tells(String line, String sentence) {
        try {
            tryRun(line);
            return false;
        } catch (IllegalStateException told) {
            assertTrue(told.getMessage().startsWith(sentence), told::getMessage);
            return true;
        } catch (Exception other) {
            throw new AssertionError(other);
        }
    }

    private void assertUsage(String line, String sentence) {
        var refused = assertThrows(BadInputException.class, () -> tryRun(line));
        assertTrue(refused.getMessage().startsWith(sentence), refused::getMessage);
    }

    private List<Ring> sources(String... ids) {
        return Stream.of(ids).map(id -> rings.find(id).orElseThrow()).toList();
    }

    private List<StageStats> stages() {
        return analyzers.stages().stream().filter(stage -> stage.name().startsWith("itest-")).toList();
    }

    private StageStats stage(String name, String source) {
        return stages().stream().filter(stage -> stage.name().equals(name) && stage.sources().contains(source))
                .findFirst().orElseThrow();
    }

    private String run(String line) {
        return new Prompt(processor).run(line);
    }

    private String tryRun(String line) throws Exception {
        return new Prompt(processor).tryRun(line);
    }
}
