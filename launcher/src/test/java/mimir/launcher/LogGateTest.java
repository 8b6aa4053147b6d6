// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.jar.Attributes.Name;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.service.log.LogService;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;
import org.osgi.service.log.admin.LoggerAdmin;

/** A bundle that logs without end, in a real framework with the log service of the platform. Confined. */
@Timeout(120)
class LogGateTest {
    private static final int STORM = 100_000;
    private static final Pattern MISSING = Pattern.compile("(\\d+) entries of this bundle are missing here.*");

    @TempDir
    Path folder;

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ConcurrentLinkedQueue<LogEntry> entries = new ConcurrentLinkedQueue<>();
    private Framework framework;
    private LogGate gate;
    private Bundle chatty;
    private Bundle log;

    @BeforeEach
    void start() throws Exception {
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        framework = new Felix(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString(),
            "felix.service.urlhandlers", "false", "org.osgi.service.log.admin.loglevel", "INFO",
            Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
            "org.osgi.service.log;version=1.5.0,org.osgi.service.log.admin;version=1.0.0"));
        framework.start();
        gate = LogGate.attach(framework.getBundleContext());
        chatty = bundle("chatty");
        var jar = Class.forName("org.apache.felix.log.Activator").getProtectionDomain().getCodeSource().getLocation();
        log = framework.getBundleContext().installBundle(jar.toString());
        startLog();
    }

    private void startLog() throws BundleException {
        log.start();
        LogListener listener = entry -> {
            if (!entry.getLoggerName().startsWith("Events.")) {
                entries.add(entry);
            }
        };
        service(framework, LogReaderService.class).addLogListener(listener);
    }

    @AfterEach
    void stop() throws Exception {
        System.setErr(standardError);
        framework.stop();
        framework.waitForStop(Duration.ofSeconds(20).toMillis());
    }

    @Test
    void shouldLetPassWhatIsUsualAsItIs() throws Exception {
        var log = service(chatty, LogService.class);
        var failure = new IllegalStateException("unplugged");
        log.getLogger("camera").warn("{} of {} are here", 1, 2, failure);
        log.getLogger(LogGateTest.class, FormatterLogger.class).info("%03d", 7);
        log.getLogger("camera").info(logger -> logger.info("made on demand"));
        log.getLogger("camera").debug("nobody wants this");
        log.log(1, "the old way");

        await(() -> entries.size() == 4);
        assertThat(messages()).containsExactly("1 of 2 are here", "007", "made on demand", "the old way");
        assertThat(entries).extracting(LogEntry::getBundle).containsOnly(chatty);
        assertThat(entries.peek().getLoggerName()).isEqualTo("camera");
        assertThat(entries.peek().getException()).hasMessageContaining("unplugged");
    }

    @Test
    void shouldCountWhatAStormHasTooMuchAndTellIt() throws Exception {
        var logger = service(chatty, LoggerFactory.class).getLogger("storm");
        long beganNs = System.nanoTime();
        long bytes = storm(logger);
        long most = LogShare.AT_ONCE + (System.nanoTime() - beganNs) / LogShare.EACH_NS + 1;
        service(bundle("calm"), LoggerFactory.class).getLogger("other").info("still heard");
        await(() -> messages().contains("still heard"));
        gate.tellRest();

        long passed = messages().stream().filter("entry of a storm"::equals).count();
        assertThat(passed).isBetween((long) LogShare.AT_ONCE, most);
        assertThat(passed + missing()).isEqualTo(STORM);
        assertThat(bytes / STORM).isLessThan(300); // the service makes kilobytes of each
    }

    @Test
    void shouldHideTheServiceBehindIt() throws Exception {
        var found = chatty.getBundleContext().getAllServiceReferences(LoggerFactory.class.getName(), null);

        assertThat(found).hasSize(1);
        assertThat(found[0].getProperty(Constants.SERVICE_RANKING)).isEqualTo(Integer.MAX_VALUE);
        assertThat(found[0].getBundle().getSymbolicName()).isEqualTo("org.apache.felix.log");
    }

    @Test
    void shouldComeAndGoWithTheService() throws Exception {
        var before = chatty.getBundleContext().getServiceReference(LoggerFactory.class);
        service(chatty, LoggerFactory.class).getLogger("x").info("first");
        await(() -> entries.size() == 1);
        chatty.stop();
        log.stop();
        chatty.start();
        assertThat(chatty.getBundleContext().getServiceReference(LoggerFactory.class)).isNull();
        startLog();

        service(chatty, LoggerFactory.class).getLogger("x").info("second");
        await(() -> entries.size() == 2);
        assertThat(before.getBundle()).isNull();
        assertThat(chatty.getBundleContext().getAllServiceReferences(LoggerFactory.class.getName(), null)).hasSize(1);
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void shouldNotCountWhatNobodyWants() throws Exception {
        var logger = service(chatty, LoggerFactory.class).getLogger("storm");
        service(framework, LoggerAdmin.class).getLoggerContext(null).setLogLevels(Map.of("storm",
            LogLevel.ERROR));

        storm(logger);
        logger.error("heard");
        await(() -> !entries.isEmpty());
        gate.tellRest();

        assertThat(messages()).containsExactly("heard");
        assertThat(missing()).isZero();
    }

    /** Returns how much it allocated, beyond what the first tenth did. */
    private static long storm(Logger logger) {
        var account = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < STORM; i++) {
            if (i == STORM / 10) {
                before = account.getCurrentThreadAllocatedBytes();
            }
            logger.info("entry of a storm");
        }
        return account.getCurrentThreadAllocatedBytes() - before;
    }

    /** Told in the log and, at the end, on standard error. */
    private long missing() {
        var told = said.toString(StandardCharsets.UTF_8).lines().map(line -> line.replace("WARN  chatty: ", ""));
        return Stream.concat(messages().stream(), told).map(MISSING::matcher)
            .filter(Matcher::matches).mapToLong(found -> Long.parseLong(found.group(1))).sum();
    }

    private List<String> messages() {
        return entries.stream().map(LogEntry::getMessage).toList();
    }

    private void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(messages().toString()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static <T> T service(Bundle user, Class<T> type) {
        var context = user.getBundleContext();
        return context.getService(context.getServiceReference(type));
    }

    private Bundle bundle(String name) throws Exception {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Name.MANIFEST_VERSION, "1.0");
        main.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        main.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        main.putValue(Constants.IMPORT_PACKAGE, "org.osgi.service.log");
        var jar = folder.resolve(name + ".jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        var bundle = framework.getBundleContext().installBundle(jar.toUri().toString());
        bundle.start();
        return bundle;
    }
}
