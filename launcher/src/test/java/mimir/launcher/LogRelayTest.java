// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/** Threads: confined; lines arrive on the log service's thread. */
class LogRelayTest {
    private static final int LOG_ERROR = 1;
    private static final int LOG_WARNING = 2;
    private static final int LOG_INFO = 3;

    @TempDir
    Path cache;

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Framework framework;

    @BeforeEach
    void start() throws Exception {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        framework = new Felix(Map.of(Constants.FRAMEWORK_STORAGE, cache.toString(), "felix.service.urlhandlers",
                "false"));
        framework.start();
        LogRelay.attach(framework.getBundleContext());
        framework.getBundleContext().installBundle(jarOfTheLogBundle().toString()).start();
    }

    @AfterEach
    void stop() throws Exception {
        System.setErr(standardError);
        framework.stop();
        framework.waitForStop(Duration.ofSeconds(20).toMillis());
    }

    @Test
    void shouldSayWarningsAndErrorsInOneLineWithTheirCause() throws Exception {
        log(LOG_INFO, "nobody needs this", null);
        log(LOG_WARNING, "the disk\n  is slow", null);
        log(LOG_ERROR, "no camera", new IllegalStateException("outer", new IllegalArgumentException("unplugged")));

        await("ERROR org.apache.felix.framework: no camera (unplugged)");
        assertThat(said.toString(StandardCharsets.UTF_8).lines()).containsExactly(
            "WARN  org.apache.felix.framework: the disk is slow",
            "ERROR org.apache.felix.framework: no camera (unplugged)");
    }

    private void log(int level, String message, Throwable cause) throws Exception {
        var context = framework.getBundleContext();
        var service = context.getService(context.getAllServiceReferences("org.osgi.service.log.LogService", null)[0]);
        service.getClass().getClassLoader().loadClass("org.osgi.service.log.LogService")
            .getMethod("log", int.class, String.class, Throwable.class).invoke(service, level, message, cause);
    }

    private void await(String line) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!said.toString(StandardCharsets.UTF_8).contains(line)) {
            assertThat(System.nanoTime()).as(said.toString(StandardCharsets.UTF_8)).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static URI jarOfTheLogBundle() throws Exception {
        var type = Class.forName("org.apache.felix.log.Activator");
        return type.getProtectionDomain().getCodeSource().getLocation().toURI();
    }
}
