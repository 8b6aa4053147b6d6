// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import mimir.api.swap.Deployed;
import mimir.swap.JarMaker;
import mimir.swap.Patience;
import mimir.swap.TestFramework;
import mimir.swap.gate.Jar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** Bundles that are new here and do not come up. */
class NewcomerTest {
    private static final String GATE = "mimir.swap.test.gate";

    @TempDir
    private Path cache;
    @TempDir
    private Path jars;
    private final Semaphore gate = new Semaphore(0);
    private TestFramework framework;
    private Duration start = Duration.ofMillis(500);
    private Duration giveUp = Duration.ofSeconds(1);

    @BeforeEach
    void open() throws Exception {
        System.getProperties().put(GATE, gate);
        framework = new TestFramework(cache, new TestFramework.TestWorkers(true, true), Duration.ofMillis(500));
    }

    @AfterEach
    void close() throws Exception {
        gate.release(10);
        framework.close();
        System.getProperties().remove(GATE);
    }

    @Test
    void shouldTakeOutWhatHangsUntilItIsInterrupted() throws Exception {
        giveUp = Duration.ofSeconds(10);
        hangWhereConstructorsAreCalled(() -> {
            try {
                gate.acquire();
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
            }
        });

        assertDeployed(Deployed.Outcome.REFUSED, "mimir.driver.test does not start: its start did not come back within"
                + " 500 ms; correct it, nothing of it is left here", JarMaker.driver("1.0.0", "left"));
        assertNull(find(), "nothing is left of it");
    }

    @Test
    void shouldTakeOutWhatGoesOnAlthoughItIsInterrupted() throws Exception {
        hangWhereConstructorsAreCalled(gate::acquireUninterruptibly);

        assertDeployed(Deployed.Outcome.REFUSED, "mimir.driver.test does not start: its start did not come back within"
                + " 500 ms and goes on although it was interrupted; correct it, nothing of it is left here",
                JarMaker.driver("1.0.0", "left"));
        assertNull(find(), "nothing is left of it");
    }

    @Test
    void shouldSayWhenItCannotBeTakenOut() throws Exception {
        giveUp = Duration.ofMillis(300);
        assertDeployed(Deployed.Outcome.FAILED, "mimir.driver.test does not start: its start did not come back within"
                + " 500 ms and goes on although it was interrupted; nor can it be taken out (it does not come out of"
                + " its own code), so restart the platform", JarMaker.driver("1.0.0", "left").with("Test-Hangs", GATE));
    }

    @Test
    void shouldSayWhatItsStartThrew() throws Exception {
        start = Duration.ofSeconds(10);
        assertDeployed(Deployed.Outcome.REFUSED, "mimir.driver.test does not start: no light; correct it, nothing of it"
                + " is left here", JarMaker.driver("1.0.0", "left").with("Test-Throws", "no light"));
        assertNull(find(), "nothing is left of it");
    }

    private void hangWhereConstructorsAreCalled(Runnable hang) {
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STARTED) {
                hang.run();
            }
        });
    }

    private void assertDeployed(Deployed.Outcome outcome, String reason, JarMaker maker) throws Exception {
        var jar = Jar.read(maker.write(jars.resolve("driver.jar")));
        var installation = new Installation(framework.system().getBundleContext(), framework.gate(),
                framework.swapper(), framework.workers(), new Patience(giveUp, giveUp, start, start, giveUp, giveUp));

        var deployed = installation.bring(JarMaker.DRIVER, List.of(jar));

        assertEquals(reason, deployed.reason());
        assertEquals(outcome, deployed.outcome());
    }

    private Bundle find() {
        return Arrays.stream(framework.system().getBundleContext().getBundles()).filter(bundle ->
                JarMaker.DRIVER.equals(bundle.getSymbolicName())).findFirst().orElse(null);
    }
}
