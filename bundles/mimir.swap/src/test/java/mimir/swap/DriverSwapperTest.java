// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import mimir.api.BadInputException;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;

class DriverSwapperTest {
    private static final List<String> PARTS = List.of(JarMaker.DRIVER, JarMaker.FRAGMENT);

    @TempDir
    private Path cache;
    @TempDir
    private Path jars;
    private TestFramework framework;
    private Bundle fragment;
    private Bundle host;

    @BeforeEach
    void installDriver() throws Exception {
        framework = new TestFramework(cache, new TestFramework.TestWorkers(true), Duration.ofMillis(300));
        fragment = framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER).content("native code"));
        host = framework.install(JarMaker.driver("1.0.0", "left,right"));
        host.start();
    }

    @AfterEach
    void close() throws Exception {
        framework.close();
    }

    @Test
    void shouldReplaceHostAndFragmentFromAFolderAndNothingElse() throws Exception {
        framework.install(JarMaker.bundle("bystander", "1.0.0")).start();
        var touched = new TreeSet<String>();
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event ->
                touched.add(event.getBundle().getSymbolicName()));
        JarMaker.driver("1.1.0", "left,right").write(jars.resolve("a.jar"));
        JarMaker.fragment("1.1.0", JarMaker.DRIVER).write(jars.resolve("b.jar"));
        JarMaker.fragment("1.0.0", JarMaker.DRIVER + ".b").write(jars.resolve("another-driver.jar"));
        JarMaker.empty().write(jars.resolve("library.jar"));

        var swapped = swap(jars);

        assertEquals(Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        assertEquals(List.of("1.1.0", "1.1.0"), versions());
        assertEquals(PARTS, swapped.refreshed());
        assertEquals(Set.copyOf(PARTS), touched);
        assertEquals(Set.of("left", "right"), framework.sources());
        assertEquals(List.of("left 1 2", "right 1 2"), swapped.sources().stream().map(gap ->
                gap.source() + " " + gap.epochBefore() + " " + gap.epochAfter()).toList());
        assertTrue(swapped.gapNs() > 0 && swapped.sources().stream().allMatch(gap -> gap.gapNs() <= swapped.gapNs()));
        assertEquals(List.of(swapped), framework.swapper().history());
    }

    @Test
    void shouldReplaceOnePartAlone() throws Exception {
        var swapped = swap(JarMaker.fragment("1.5.0", JarMaker.DRIVER).write(jars.resolve("fragment.jar")));

        assertEquals(Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        assertEquals(List.of("1.0.0", "1.5.0"), versions());
        assertEquals(2, framework.store().find("left").orElseThrow().stats().epoch());
    }

    @Test
    void shouldGiveTheSameBytesAgainWhenTheirFileIsGone() throws Exception {
        for (int turn = 0; turn < 3; turn++) {
            var swapped = framework.swapper().swap(JarMaker.DRIVER, List.of());
            assertEquals(Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        }

        assertEquals(List.of("1.0.0", "1.0.0"), versions());
        try (var content = fragment.getEntry("content.txt").openStream()) {
            assertEquals("native code", new String(content.readAllBytes()));
        }
        assertEquals(4, framework.store().find("left").orElseThrow().stats().epoch());
    }

    @Test
    void shouldPutTheFormerBytesBackWhenTheNewOnesThrow() throws Exception {
        var swapped = swap(JarMaker.driver("1.1.0", "left,right").with("Test-Throws", "the library is damaged")
                .write(jars.resolve("bad.jar")));

        assertEquals(Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
        assertTrue(swapped.reason().startsWith("the new driver did not run: "), swapped.reason());
        assertEquals(List.of("1.0.0", "1.0.0"), versions());
        assertEquals(Set.of("left", "right"), framework.sources());
        assertEquals(2, framework.store().find("left").orElseThrow().stats().epoch());
    }

    @Test
    void shouldPutTheFormerBytesBackWhenASourceStaysSilent() throws Exception {
        var swapped = swap(JarMaker.driver("1.1.0", "left,right").with("Test-Silent", "right")
                .write(jars.resolve("bad.jar")));

        assertEquals(Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
        assertTrue(swapped.reason().startsWith(
                "the new driver did not run: source right gave no good item within "), swapped.reason());
        assertEquals(List.of("left 1 3", "right 1 3"), swapped.sources().stream().map(gap ->
                gap.source() + " " + gap.epochBefore() + " " + gap.epochAfter()).toList(),
                "items of the failed attempt confirm nothing");
    }

    @Test
    void shouldPutTheFormerBytesBackAtOnceWhenADeviceIsAtFault() throws Exception {
        var swapped = swap(JarMaker.driver("1.1.0", "left,right").with("Test-Fault", "right")
                .write(jars.resolve("bad.jar")));

        assertEquals("the new driver did not run: source right did not come back: the device is not plugged in;"
                + " plug it in", swapped.reason());
        assertEquals(Outcome.ROLLED_BACK, swapped.outcome());
    }

    @Test
    void shouldReadTheJarAgainThatTheDriverWasInstalledFrom() throws Exception {
        host.uninstall();
        var file = JarMaker.driver("1.0.0", "left").write(jars.resolve("driver.jar"));
        host = framework.install(file);
        host.start();
        JarMaker.driver("1.1.0", "left").write(file);

        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of()).outcome());
        assertEquals(List.of("1.1.0", "1.0.0"), versions(), "built anew where it was installed from");
    }

    @Test
    void shouldPutBackWhatRanAndNotWhatLiesThere() throws Exception {
        host.uninstall();
        var file = JarMaker.driver("1.0.0", "left").write(jars.resolve("driver.jar"));
        host = framework.install(file);
        host.start();
        JarMaker.driver("1.2.0", "left").with("Test-Throws", "no").write(file);

        assertEquals(Outcome.ROLLED_BACK, framework.swapper().swap(JarMaker.DRIVER, List.of()).outcome());
        assertEquals(List.of("1.0.0", "1.0.0"), versions());
        assertEquals(Set.of("left"), framework.sources());
    }

    @Test
    void shouldSayWhenNeitherRuns() throws Exception {
        var bad = JarMaker.driver("1.1.0", "left,right").with("Test-Throws", "no").write(jars.resolve("bad.jar"));
        var taken = new ArrayList<AutoCloseable>();
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPED && taken.isEmpty()) {
                taken.add(framework.take("left"));
            }
        });

        var swapped = swap(bad);

        assertEquals(Outcome.FAILED, swapped.outcome());
        assertTrue(swapped.reason().startsWith("neither the new nor the former driver runs: "), swapped.reason());
        assertTrue(swapped.reason().endsWith("; give files that fit, or restart the platform"), swapped.reason());
        assertEquals(-1, swapped.gapNs());
    }

    @Test
    void shouldRefuseToRestartOthersBeforeItStopsAnything() throws Exception {
        host.uninstall();
        host = framework.install(JarMaker.driver("1.0.0", "left").with("Export-Package", "mimir.swap.driver"));
        host.start();
        framework.install(JarMaker.bundle("consumer", "1.0.0").with("Import-Package", "mimir.swap.driver")).start();
        var before = framework.states();

        for (int i = 0; i < 1001; i++) {
            var swapped = framework.swapper().swap(JarMaker.DRIVER, List.of());
            assertEquals(Outcome.REFUSED, swapped.outcome());
            assertEquals("a refresh would also restart other bundles (consumer, mimir.driver.test,"
                    + " mimir.driver.test.native); let the driver export nothing", swapped.reason());
        }
        assertEquals(before, framework.states());
        assertEquals(2, framework.store().find("left").orElseThrow().stats().epoch(), "as after its second install");
        assertEquals(1000, framework.swapper().history().size(), "what is remembered has a bound");
    }

    @Test
    void shouldTakeOneSwapAtATime() throws Exception {
        var answers = new ArrayList<String>();
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPED && answers.isEmpty()) {
                answers.add(assertThrows(IllegalStateException.class, () ->
                        framework.swapper().swap(JarMaker.DRIVER, List.of())).getMessage());
            }
        });

        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of()).outcome());
        assertEquals(List.of("another swap is going on; try again when it is over"), answers);
    }

    @Test
    void shouldNotWaitForEverForADriverThatDoesNotStop(@TempDir Path other) throws Exception {
        framework.close();
        framework = new TestFramework(other, new TestFramework.TestWorkers(true, true), Duration.ofMillis(1_500));
        fragment = framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER));
        host = framework.install(JarMaker.driver("1.0.0", "left"));
        host.start();
        JarMaker.driver("1.1.0", "left").write(jars.resolve("host.jar"));
        JarMaker.fragment("1.1.0", JarMaker.DRIVER).write(jars.resolve("fragment.jar"));
        var gate = new Semaphore(0);
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STOPPED) {
                gate.acquireUninterruptibly();
            }
        });

        var swapped = swap(jars);

        assertEquals(Outcome.FAILED, swapped.outcome());
        assertEquals("the driver could not be stopped: it did not stop within 1500 ms and is still at it;"
                + " restart the platform", swapped.reason());
        assertEquals(List.of("1.0.0", "1.0.0"), versions(), "what was prepared has gone back");
        gate.release(10);
    }

    @Test
    void shouldComeToItsEndWhenNobodyWaitsForItAnyMore(@TempDir Path other) throws Exception {
        framework.close();
        framework = new TestFramework(other, new TestFramework.TestWorkers(true, true), Duration.ofSeconds(5));
        fragment = framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER));
        host = framework.install(JarMaker.driver("1.0.0", "left"));
        host.start();
        var file = JarMaker.driver("1.1.0", "left").write(jars.resolve("driver.jar"));

        var gone = assertThrows(IllegalStateException.class, () -> framework.swapper().swap(JarMaker.DRIVER,
                List.of(file), plan -> Thread.currentThread().interrupt()));

        assertTrue(Thread.interrupted());
        assertEquals("nobody waits for it any more, but it goes on to its end; mimir:swaps tells the outcome",
                gone.getMessage());
        framework.swapper().close(); // waits for it
        assertEquals(List.of(Outcome.SWAPPED), framework.swapper().history().stream().map(Swapped::outcome).toList());
        assertEquals(1, framework.swapper().journal().size());
        assertEquals(List.of("1.1.0", "1.0.0"), versions());
        assertEquals(Set.of("left"), framework.sources());
    }

    @Test
    void shouldExchangeTheFragmentWhileTheDriverStillRuns() throws Exception {
        JarMaker.driver("1.1.0", "left,right").write(jars.resolve("host.jar"));
        JarMaker.fragment("1.1.0", JarMaker.DRIVER).write(jars.resolve("fragment.jar"));
        var states = new ArrayList<String>();
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.UPDATED) {
                states.add(event.getBundle().getSymbolicName() + " " + (host.getState() == Bundle.ACTIVE));
            }
        });

        assertEquals(Outcome.SWAPPED, swap(jars).outcome());
        assertEquals(List.of(JarMaker.FRAGMENT + " true", JarMaker.DRIVER + " false"), states);
    }

    @Test
    void shouldLeaveWhatRunsWhenTheFrameworkRefusesTheFragment() throws Exception {
        JarMaker.driver("1.1.0", "left,right").write(jars.resolve("host.jar"));
        JarMaker.fragment("1.1.0", JarMaker.DRIVER).with("Import-Package", "mimir.ring,mimir.ring")
                .write(jars.resolve("fragment.jar"));
        var before = framework.states();

        var swapped = swap(jars);

        assertEquals(Outcome.REFUSED, swapped.outcome(), swapped::toString);
        assertTrue(swapped.reason().startsWith("the framework does not take it: "), swapped.reason());
        assertEquals(List.of("1.0.0", "1.0.0"), versions());
        assertEquals(1, framework.store().find("left").orElseThrow().stats().epoch());
        assertEquals(before.getLast(), framework.states().getLast());
    }

    @Test
    void shouldLeaveADriverAsPersistentlyStartedAsItWas() throws Exception {
        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of()).outcome());
        assertTrue(host.adapt(BundleStartLevel.class).isPersistentlyStarted());
        host.stop();

        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of()).outcome());
        assertTrue(host.adapt(BundleStartLevel.class).isPersistentlyStarted(), "a swap starts what was stopped");
        var steps = framework.swapper().journal().getLast();
        assertTrue(steps.matches(".*\"stepsMs\":\\{\"check\":[0-9.]+,\"prepare\":.*,\"stop\":.*,\"exchange\":.*"
                + ",\"start\":.*,\"items\":.*"), steps);
    }

    @Test
    void shouldSwapDriversOnly() throws Exception {
        framework.install(JarMaker.bundle("bystander", "1.0.0")).start();

        assertEquals(List.of(JarMaker.DRIVER), framework.swapper().names());
        assertEquals("there is no bundle 'nobody' to be swapped; name one of mimir.driver.test", refusal("nobody"));
        assertEquals("bystander has neither devices nor analysers, and nothing else can be swapped while it runs;"
                + " name one of mimir.driver.test", refusal("bystander"));
        assertEquals("mimir.driver.test.native is a fragment of mimir.driver.test; swap that, and its fragments go"
                + " along", refusal(JarMaker.FRAGMENT));
    }

    @Test
    void shouldTellWhatStopsOnceNothingIsLeftToRefuse() throws Exception {
        var told = new ArrayList<Plan>();
        var alien = JarMaker.bundle("bystander", "1.0.0").write(jars.resolve("alien.jar"));

        assertThrows(BadInputException.class, () ->
                framework.swapper().swap(JarMaker.DRIVER, List.of(alien), told::add));
        assertEquals(List.of(), told);
        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of(), plan -> {
            told.add(plan);
            assertEquals(Bundle.ACTIVE, host.getState());
        }).outcome());
        var plan = told.getFirst();
        assertEquals(List.of(List.of("left", "right"), PARTS, PARTS), List.of(plan.sources(), plan.refreshed(),
                plan.parts().stream().map(Plan.Part::name).toList()));
        assertEquals(2, framework.swapper().journal().size(), "what was refused is in the journal, too");
        assertTrue(framework.swapper().journal().getFirst().contains("\"outcome\":\"refused\",\"reason\":\"" + alien),
                framework.swapper().journal()::getFirst);
    }

    @Test
    void shouldPlanWithoutTouchingAnything() throws Exception {
        var file = JarMaker.driver("1.1.0", "left,right").write(jars.resolve("driver.jar"));
        var before = framework.states();

        var plan = framework.swapper().plan(JarMaker.DRIVER, List.of(file));

        assertEquals(before, framework.states());
        assertEquals(List.of("left", "right"), plan.sources());
        assertEquals(PARTS, plan.refreshed());
        assertEquals(List.of("1.0.0 1.1.0", "1.0.0 1.0.0"), plan.parts().stream().map(part ->
                part.version() + " " + part.newVersion()).toList());
        assertEquals(sha256(file), plan.parts().getFirst().newSha256());
        assertEquals(plan.parts().getLast().sha256(), plan.parts().getLast().newSha256());
        assertEquals(null, plan.refusal());
        assertEquals(List.of(), framework.swapper().journal());
    }

    @Test
    void shouldKeepTheHashesOfWhatRanAndOfWhatRunsInTheJournal() throws Exception {
        var good = JarMaker.driver("1.1.0", "left,right").write(jars.resolve("good.jar"));
        var bad = JarMaker.driver("1.2.0", "left,right").with("Test-Throws", "no").write(jars.resolve("bad.jar"));

        swap(good);
        swap(bad);

        var lines = framework.swapper().journal();
        assertEquals(2, lines.size());
        assertTrue(lines.getFirst().contains("\"sha256After\":\"" + sha256(good)), lines::getFirst);
        assertTrue(lines.getLast().contains("\"outcome\":\"rolled-back\""), lines::getLast);
        assertTrue(lines.getLast().contains("\"sha256Before\":\"" + sha256(good) + "\",\"sha256Given\":\""
                + sha256(bad) + "\",\"sha256After\":\"" + sha256(good)), lines::getLast);
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void shouldSwapABundleThatSaysItHasAnalysers() throws Exception {
        var plugIn = framework.install(JarMaker.bundle("lab.blink", "1.0.0").with("Provide-Capability",
                "osgi.service;objectClass:List<String>=\"mimir.api.analysis.Analyzer\""));
        plugIn.start();

        assertEquals(List.of("lab.blink", JarMaker.DRIVER), framework.swapper().names());
        var file = JarMaker.bundle("lab.blink", "2.0.0").write(jars.resolve("blink.jar"));
        assertEquals(Outcome.SWAPPED, framework.swapper().swap("lab.blink", List.of(file)).outcome());
        assertEquals("2.0.0", plugIn.getVersion().toString());
    }

    private String refusal(String name) {
        return assertThrows(BadInputException.class, () -> framework.swapper().swap(name, List.of())).getMessage();
    }

    private Swapped swap(Path file) {
        return framework.swapper().swap(JarMaker.DRIVER, List.of(file));
    }

    private List<String> versions() {
        return List.of(host.getVersion().toString(), fragment.getVersion().toString());
    }
}
