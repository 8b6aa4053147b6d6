// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver one of whose devices was unplugged long before the swap. */
class AwaySourceTest {
    @TempDir
    private Path cache;
    @TempDir
    private Path jars;
    private TestFramework framework;

    @BeforeEach
    void installDriver() throws Exception {
        framework = new TestFramework(cache, new TestFramework.TestWorkers(true), Duration.ofMillis(300));
        framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER));
        framework.install(JarMaker.driver("1.0.0", "left,right").with("Test-Away", "right")).start();
    }

    @AfterEach
    void close() throws Exception {
        framework.close();
    }

    @Test
    void shouldNotFailTheNextDriverForItsDevice() throws Exception {
        var swapped = swap("right");

        assertEquals(Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        assertEquals(List.of("left"), swapped.sources().stream().map(Swapped.Gap::source).toList());
    }

    @Test
    void shouldStillAskForTheOthers() throws Exception {
        var swapped = swap("left");

        assertEquals(Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
        assertEquals("the new driver did not run: source left did not come back: the device is not plugged in;"
                + " plug it in", swapped.reason());
    }

    private Swapped swap(String atFault) throws Exception {
        return framework.swapper().swap(JarMaker.DRIVER, List.of(JarMaker.driver("1.1.0", "left,right")
                .with("Test-Fault", atFault).write(jars.resolve("next.jar"))));
    }
}
