// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;
import mimir.api.analysis.Input;
import mimir.ring.Item;
import mimir.ring.Profile;
import mimir.ring.RingStore;
import mimir.ring.Start;
import mimir.tck.AnalyzerBench;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bench computes what the driver's C does by the clock: the same items, faults, device times and content. */
class SameScenarioTest {
    private static final long PATIENCE_NS = 20_000_000_000L;
    private static final double SECONDS = 8; // a busy machine may keep the reader away for longer than a second
    private static final Path LIBRARY = Path.of(System.getProperty("mimir.root"),
            "bundles/mimir.driver.sim/target/native/libmimir_driver_sim.so");

    /** What there is to know of an item. */
    @AttachmentType(name = "tck.item", version = 1)
    public interface Known extends Attachment {
        /** Epoch, sequence, device time, checksum of the payload. */
        @Field(order = 1, length = 4)
        long word(int index);

        /** Sets it. */
        void word(int index, long value);
    }

    /** Attaches it. Confined. */
    @Analysis(name = "known-frame", outputs = Known.class)
    static final class Frames implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            know(input, results);
        }
    }

    /** Attaches it. Confined. */
    @Analysis(name = "known-block", inputs = "audio", outputs = Known.class)
    static final class Blocks implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            know(input, results);
        }
    }

    private static void know(Input input, Attacher results) {
        var words = words(input.item());
        var known = results.attach(Known.class);
        for (int i = 0; i < words.size(); i++) {
            known.word(i, words.get(i));
        }
    }

    private static List<Long> words(Item item) {
        var descriptor = item.descriptor();
        var crc = new CRC32C();
        crc.update(item.memory().asSlice(item.offset(), item.length()).toArray(ValueLayout.JAVA_BYTE));
        return List.of((long) descriptor.epoch(), descriptor.sequence(), descriptor.deviceTime(), crc.getValue());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            camera | "mode":{"width":128,"height":96}
            camera | "mode":{"width":64,"height":48,"format":"NV12"},"clock":{"tickHz":0}
            camera | "mode":{"width":64,"height":48,"format":"YUV444"},"clock":{"driftPpm":900}
            camera | "mode":{"width":64,"height":48,"format":"GREY"},"clock":{"driftPpm":35,"wanderPpm":500}
            audio  | "mode":{"channels":3,"blockFrames":96},"rateHz":48000
            """)
    void shouldGiveWhatTheDriverGives(String kind, String mode) {
        var json = "{" + mode + (mode.contains("rateHz") ? "" : ",\"rateHz\":500") + """
                ,"seed":7,"events":{"periodMs":0},"missing":{"probability":0.05,"sequences":[3]},"batchMs":1,
                "jitter":{"delayUs":300,"medianUs":400,"sigma":0.8,"tailProbability":0.02,"tailMeanUs":2000},
                "stalls":[{"atS":0.05,"forMs":20},{"atS":0.15,"forMs":20,"items":"late"}],
                "unplugs":[{"atS":0.25,"forS":0.05}]}""";
        var driven = driven(kind, json, 200);
        var run = AnalyzerBench.of(kind.equals("audio") ? Blocks::new : Frames::new).scenario(json).run(200);

        assertThat(run.results(Known.class).stream().map(known -> List.of(known.word(0), known.word(1), known.word(2),
                known.word(3))).toList()).isEqualTo(driven);
    }

    /** What the library publishes. */
    private static List<List<Long>> driven(String kind, String json, int items) {
        var scenario = ScenarioReader.read("bench.1", kind, json);
        var seen = new ArrayList<List<Long>>();
        try (var arena = Arena.ofShared(); var rings = new RingStore(Map.of("seconds", SECONDS));
                var owner = rings.open(scenario.ring("bench.1"), "test"); var truth = new SimTruth("bench.1");
                var reader = owner.ring().reader("test", Profile.EVERY, Start.OLDEST)) {
            var library = new SimNative(LIBRARY, arena);
            var engine = library.open("mimir-sim", arena.allocate(SimNative.STATUS_BYTES, 64));
            int device = library.add(engine, SimConfig.of(scenario, owner.formatId(), arena), owner.region(),
                    owner.hints(), truth.memory(), MemorySegment.NULL);
            library.start(engine, device, PATIENCE_NS);
            while (seen.size() < items) {
                var lease = reader.next();
                if (lease == null) {
                    assertThat(reader.await(PATIENCE_NS)).as("another item").isTrue();
                } else {
                    seen.add(words(lease));
                    lease.release();
                }
            }
            assertThat(library.stopAndClose(engine, PATIENCE_NS)).isTrue();
        }
        return seen;
    }
}
