// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import mimir.api.swap.Swapped.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** New drivers whose start does not come back: what hangs is where the component runtime calls constructors. */
class HangingStartTest {
    private static final String BAD = "1.9.0";

    @TempDir
    private Path cache;
    @TempDir
    private Path jars;
    private final Semaphore gate = new Semaphore(0);
    private TestFramework framework;

    @BeforeEach
    void installDriver() throws Exception {
        framework = new TestFramework(cache, new TestFramework.TestWorkers(true, true), Duration.ofMillis(500));
        framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER));
        framework.install(JarMaker.driver("1.0.0", "left")).start();
    }

    @AfterEach
    void close() throws Exception {
        gate.release(10);
        framework.close();
    }

    @Test
    void shouldInterruptItAndPutTheFormerBack() throws Exception {
        assertEquals("the new driver did not run: its start did not come back within 500 ms", reason(() -> {
            try {
                gate.acquire();
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
            }
        }));
    }

    @Test
    void shouldInstallTheFormerInItsPlaceWhenItNeverComesBack() throws Exception {
        long bundle = driver().getBundleId();

        assertEquals("the new driver did not run: its start did not come back within 500 ms and goes on although it"
                + " was interrupted, so restart the platform before it gets other devices",
                reason(gate::acquireUninterruptibly));
        assertTrue(driver().getBundleId() != bundle, "another bundle of the same name");
    }

    private String reason(Runnable hang) throws Exception {
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STARTED && event.getBundle().getVersion().toString().equals(BAD)) {
                hang.run();
            }
        });
        var file = JarMaker.driver(BAD, "left").write(jars.resolve("bad.jar"));

        var swapped = framework.swapper().swap(JarMaker.DRIVER, List.of(file));

        assertEquals(Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
        assertEquals("1.0.0", driver().getVersion().toString());
        assertEquals(Set.of("left"), framework.sources());
        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of()).outcome());
        return swapped.reason();
    }

    private Bundle driver() {
        return Arrays.stream(framework.system().getBundleContext().getBundles()).filter(bundle ->
                JarMaker.DRIVER.equals(bundle.getSymbolicName())).findFirst().orElseThrow();
    }
}
