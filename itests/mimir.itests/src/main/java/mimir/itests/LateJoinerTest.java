// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.swap.Swapper;
import mimir.ring.HostClock;
import mimir.ring.Item;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Who begins in the past sees, item for item, what somebody saw who was there from the start. */
@Timeout(90)
class LateJoinerTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim";
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final long SECOND_NS = 1_000_000_000;

    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectBundleContext
    BundleContext context;
    private final String source = "itest.late." + RUNS.incrementAndGet(); // with a ring of its own depth
    private final Map<String, List<String>> seen = Map.of("early", Collections.synchronizedList(new ArrayList<>()),
            "late", Collections.synchronizedList(new ArrayList<>()));

    /** Writes down what it sees, under the name that is its parameter. */
    private final class Diarist implements Analyzer {
        private List<String> diary;

        @Override
        public void begin(Stage stage) {
            diary = seen.get(stage.parameter("name"));
        }

        @Override
        public void analyze(Input input, Attacher results) {
            var item = input.item().descriptor();
            long sum = checksum(input.item());
            diary.add(item.epoch() + ":" + item.sequence() + " " + item.hostTimeNs() + " " + item.deviceTime() + " "
                    + (input.item().intact() ? Long.toHexString(sum) : "overwritten"));
            results.attach(Seen.class).item(item.sequence());
        }
    }

    private static long checksum(Item item) {
        var crc = new CRC32C();
        crc.update(item.memory().asSlice(item.offset(), item.length()).asByteBuffer());
        return crc.getValue();
    }

    private ServiceRegistration<Analyzer> register(String input) {
        var properties = new Hashtable<String, Object>(Map.of("mimir.analysis.name", "diarist",
                "mimir.analysis.inputs", input, "mimir.analysis.outputs", new String[] {Seen.class.getName()},
                "mimir.analysis.profile", "EVERY", "mimir.analysis.budgetMicros", 10_000_000L,
                "mimir.analysis.parameters", new String[] {"name=early"}));
        return context.registerService(Analyzer.class, new PrototypeServiceFactory<>() {
            @Override
            public Analyzer getService(Bundle bundle, ServiceRegistration<Analyzer> registration) {
                return new Diarist();
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Analyzer> registration, Analyzer gone) {
                // as it is
            }
        }, properties);
    }

    @AfterEach
    void detachAll() {
        for (var stage : analyzers.stages()) {
            for (int i = 0; i < stage.users(); i++) {
                analyzers.detach(stage.name(), stage.sources());
            }
        }
    }

    private void await(String who, int items) {
        Platform.await(() -> seen.get(who).size() >= items, () -> who + " saw " + seen.get(who).size() + " of " + items
                + ": " + analyzers.stages());
    }

    @Test
    void shouldSeeThePastAndThePresentAsWhoWasThere() {
        assertSeesTheSame("frame", Platform.rig(List.of(camera())), 30);
    }

    @Test
    void shouldHearThePastAndThePresentAsWhoWasThere() {
        assertSeesTheSame("audio", Platform.rig(List.of(audio())), 1_500);
    }

    @Test
    void shouldSeeTheSameWhereItsDriverWroteIt() {
        assertSeesTheSame("frame", inPlace(camera()), 30);
        assertNothingCopied();
    }

    @Test
    void shouldHearTheSameWhereItsDriverWroteIt() {
        assertSeesTheSame("audio", inPlace(audio()), 1_500);
        assertNothingCopied();
    }

    private String camera() {
        return Platform.camera(DRIVER, source, 320, 240, 60, "");
    }

    private String audio() {
        return Platform.audio(DRIVER, source, 2, 192_000, "");
    }

    /** Half of it are 512 frames, 8 s. */
    private String inPlace(String device) {
        return """
                {"schema":"mimir.rig","version":"1.0","name":"late","reservoir":{"bytes":268435456,"own":["%s"]},
                "devices":[%s]}
                """.formatted(source, device);
    }

    private void assertNothingCopied() {
        var reader = rings.find(source).orElseThrow().stats().readers().stream().filter(one ->
                one.name().equals("reservoir")).findFirst().orElseThrow();
        assertTrue(reader.delivered() > 0 && reader.bytesCopied() == 0, reader::toString);
    }

    /** A swap lies in the past that the late one sees. */
    private void assertSeesTheSame(String input, String rig, int part) {
        long begunNs = HostClock.nowNs();
        Platform.load(rigs, rig);
        var registration = register(input);
        analyzers.attach("diarist", List.of(source), Map.of());
        await("early", part);
        swapper.swap(DRIVER, List.of());
        await("early", 2 * part);
        analyzers.attach("diarist", List.of(source), Map.of("name", "late"),
                HostClock.nowNs() - begunNs + SECOND_NS / 10); // no further: what came before other tests have used up
        await("early", 5 * part);
        var early = List.copyOf(seen.get("early"));
        Platform.await(() -> seen.get("late").contains(early.getLast()), () -> analyzers.stages().toString());

        var late = List.copyOf(seen.get("late"));
        int begin = late.indexOf(early.getFirst());
        assertTrue(begin >= 0, "the late one begins at " + late.getFirst() + ", the early one at " + early.getFirst());
        assertEquals(early, late.subList(begin, begin + early.size()));
        for (var stage : analyzers.stages()) {
            assertEquals(List.of("running", 0L, 0L), List.of(stage.state(), stage.absent(), stage.overtaken()),
                    stage::toString);
        }
        assertThrows(BadInputException.class, () -> analyzers.attach("diarist", List.of(source),
                Map.of("name", "late"), SECOND_NS));
        assertEquals(List.of(1, 1), analyzers.stages().stream().map(StageStats::users).toList());
        detachAll();
        registration.unregister();
    }
}
