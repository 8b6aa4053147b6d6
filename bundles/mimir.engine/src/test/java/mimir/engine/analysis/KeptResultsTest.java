// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever tries value after value keeps the results of the last ones, and what somebody reads. */
class KeptResultsTest {
    private static final int VALUES = 200;

    private final Lab lab = new Lab().camera("cam");

    @AfterEach
    void close() {
        lab.close();
    }

    private void sweep(int from, int values) {
        for (int value = from; value < from + values; value++) {
            var threshold = Map.of("threshold", Integer.toString(value));
            lab.host.attach("blink", List.of("cam"), threshold);
            lab.take("cam").host.detach("blink", List.of("cam"));
        }
    }

    private static String ring(int value) {
        return "cam/test.blink@1?threshold=" + value;
    }

    private List<String> results() {
        return lab.rings.list().stream().map(Ring::identity).filter(name -> name.contains("?")).toList();
    }

    private static long mappings() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("mimir:cam/test.blink")).count();
        }
    }

    @Test
    void shouldNotFillTheMemoryWithResultsOfEveryValue() throws IOException {
        lab.offer("blink", Lab::blinker);
        long before = mappings();
        sweep(10, VALUES);

        assertThat(results()).hasSize(KeptResults.MOST).contains(ring(10 + VALUES - 1))
                .doesNotContain(ring(10), ring(10 + VALUES - KeptResults.MOST - 1));
        assertThat(mappings() - before).as("a region and its hints each").isLessThanOrEqualTo(2L * KeptResults.MOST);
        sweep(10, 1);
        assertThat(results()).as("one that was freed, anew").contains(ring(10));
        lab.attach("blink", "cam").take("cam");
        assertThat(lab.blinks("cam").look(1, VALUES + 1)).isEqualTo(PRESENT);
        assertThat(lab.rings.find("cam/test.blink@1")).isPresent();
    }

    @Test
    void shouldKeepWhatSomebodyReadsUntilHeLetsGo() {
        lab.offer("blink", Lab::blinker);
        sweep(10, 1);
        var ring = lab.rings.find(ring(10)).orElseThrow();
        try (var reader = ring.reader("somebody", Profile.EVERY, Start.OLDEST)) {
            sweep(11, 2 * KeptResults.MOST);

            assertThat(results()).contains(ring(10));
            try (var lease = reader.next()) {
                assertThat(lease.descriptor().sequence()).isZero();
            }
        }
        lab.host.look();
        sweep(500, 1);
        assertThat(results()).hasSize(KeptResults.MOST).doesNotContain(ring(10));
        assertThat(ring.stats().published()).as("the last account").isEqualTo(1);
    }

    @Test
    void shouldReadOnWhileValuesAreTried() {
        lab.offer("blink", Lab::blinker);
        var blinks = lab.blinks("cam");
        for (int value = 10; value < 10 + 2 * KeptResults.MOST; value++) {
            lab.host.attach("blink", List.of("cam"), Map.of("threshold", Integer.toString(value)));
            lab.take("cam");
            assertThat(blinks.look(1, value - 10)).isEqualTo(PRESENT);
            assertThat(blinks.get().value()).isEqualTo(value - 10);
            lab.host.detach("blink", List.of("cam"));
            assertThat(blinks.look(1, value - 10)).as("results outlive their stage").isEqualTo(PRESENT);
        }
    }

    @Test
    void shouldKeepFewOfThoseThatTakeMuch() {
        lab.offer("blink", () -> new Analyzer() {
            @Override
            public long tailBytes(Class<? extends Attachment> type, Stage stage) {
                return 512 << 10; // 64 of them, half a second
            }

            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class, 512 << 10).value(1);
            }
        });
        sweep(10, 4);

        assertThat(results()).containsExactly(ring(13));
    }

    @Test
    void shouldLeaveNothingOfItToTheNextLifeOfTheEngine() {
        lab.offer("blink", Lab::blinker);
        sweep(10, 5);
        lab.host.close();

        assertThat(results()).isEmpty();
    }
}
