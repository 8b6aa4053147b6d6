// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import mimir.api.analysis.Analyzers;
import mimir.api.recording.Exporter;
import mimir.api.report.Reporter;
import mimir.api.reservoir.Reservoir;
import mimir.api.rig.Rigs;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.swap.Swapper;
import mimir.api.time.ClockMaps;
import mimir.api.work.Workers;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/**
 * All that decides, prints and remembers goes and comes back, one after another, while six cameras and 192 kHz run: the
 * devices and those who read on do not notice.
 */
@Timeout(120)
class ControlPlaneTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim.b";

    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    ServiceComponentRuntime components;
    @InjectBundleContext
    BundleContext context;
    @TempDir
    Path jars;
    private String prefix;

    /** The bundle that replaces others goes first and comes last: what it guards is not asked here. */
    @Test
    void shouldLoseNothingWhenBundlesAreStoppedAndUpdated() throws Exception {
        load("updated");
        var sources = sources();
        try (var witness = new Witness(workers, ringsOf(prefix + "."))) {
            var swap = bundle("mimir.swap");
            swap.stop();
            var others = new LinkedHashMap<String, Class<?>>();
            others.put("mimir.shell", Function.class);
            others.put("mimir.recording", Exporter.class);
            others.put("mimir.reservoir", Reservoir.class);
            others.put("mimir.watch", Reporter.class);
            others.put("mimir.sync", ClockMaps.class);
            for (var other : others.entrySet()) {
                var bundle = bundle(other.getKey());
                bundle.stop();
                goOn(other.getKey() + " is stopped");
                update(bundle);
                bundle.start();
                Platform.await(() -> offers(bundle, other.getValue()), () -> other.getKey() + " does not come back");
                goOn(other.getKey() + " is updated");
            }
            update(swap);
            swap.start();
            Platform.await(() -> offers(swap, Swapper.class), () -> "mimir.swap does not come back");
            goOn("mimir.swap is updated");
            assertUntouched(sources, witness);
        }
    }

    @Test
    void shouldLoseNothingWhenTheEngineDecidesAnew() throws Exception {
        load("decided");
        var sources = sources();
        try (var witness = new Witness(workers, ringsOf(prefix + "."))) {
            for (var part : Map.of("RigLoader", Rigs.class, "AnalysisHost", Analyzers.class).entrySet()) {
                var engine = bundle("mimir.engine");
                var component = components.getComponentDescriptionDTOs(engine).stream().filter(one ->
                        one.implementationClass.endsWith("." + part.getKey())).findFirst().orElseThrow();
                components.disableComponent(component).getValue();
                Platform.await(() -> !offers(engine, part.getValue()), () -> part.getKey() + " stays");
                goOn(part.getKey() + " is off");
                components.enableComponent(component).getValue();
                Platform.await(() -> offers(engine, part.getValue()), () -> part.getKey() + " does not come back");
                goOn(part.getKey() + " is back");
            }
            assertUntouched(sources, witness);
        }
        rigs = context.getService(context.getServiceReference(Rigs.class));
        rigs.unload(Platform.PATIENCE);
        assertEquals(Set.of(), sources(), "a rig loader takes away what its former life brought");
    }

    private void load(String name) {
        prefix = name;
        var devices = new ArrayList<String>();
        for (int camera = 1; camera <= 6; camera++) {
            devices.add(Platform.camera(DRIVER, prefix + ".camera." + camera, 640, 480, 60, ""));
        }
        devices.add(Platform.audio(DRIVER, prefix + ".audio", 8, 192_000, ""));
        Platform.load(rigs, Platform.rig(devices));
        Platform.await(() -> published(prefix + ".audio") > 300, () -> "not running");
    }

    /** All of them give at least ten items more. */
    private void goOn(String after) {
        var before = ringsOf(prefix + ".").stream().collect(Collectors.toMap(ring -> ring, ring ->
                ring.stats().published()));
        before.forEach((ring, so) -> Platform.await(() -> ring.stats().published() > so + 10, () ->
                ring.identity() + " stands: " + after));
    }

    private void assertUntouched(Set<ServiceReference<Source>> before, Witness witness) {
        assertEquals(before, sources(), "the services of the sources are the same");
        witness.assertSawEverything();
        for (var ring : ringsOf(prefix + ".").stream().filter(ring -> !ring.identity().contains("/")).toList()) {
            assertEquals(1, ring.stats().epoch(), ring::identity);
            Stalls.assertNothingLost(ring);
        }
    }

    private Set<ServiceReference<Source>> sources() {
        try {
            return context.getServiceReferences(Source.class, "(" + SourceProperties.DRIVER + "=" + DRIVER + ")")
                    .stream().collect(Collectors.toSet());
        } catch (InvalidSyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private Bundle bundle(String name) {
        return Arrays.stream(context.getBundles()).filter(one -> name.equals(one.getSymbolicName())).findFirst()
                .orElseThrow();
    }

    private static boolean offers(Bundle bundle, Class<?> type) {
        var services = bundle.getRegisteredServices();
        return services != null && Arrays.stream(services).anyMatch(service ->
                List.of((String[]) service.getProperty(Constants.OBJECTCLASS)).contains(type.getName()));
    }

    /** To the same bytes, with all that the framework does for others. */
    private void update(Bundle bundle) throws Exception {
        try (var bytes = Files.newInputStream(new DriverJar(context, bundle.getSymbolicName()).write(jars))) {
            bundle.update(bytes);
        }
        var done = new CountDownLatch(1);
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class)
                .refreshBundles(List.of(bundle), event -> {
                    if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                        done.countDown();
                    }
                });
        assertTrue(done.await(Platform.PATIENCE.toSeconds(), TimeUnit.SECONDS), "the framework does not refresh");
    }
}
