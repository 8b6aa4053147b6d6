// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.sync.StreamAlignment;
import mimir.api.sync.StreamAlignments;
import mimir.api.sync.TruthReport;
import mimir.api.sync.TruthReports;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** Streams of simulated devices that flash and click at the same instants, against the truth. */
@Timeout(60)
class AlignTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";
    private static final double SECONDS = 2.5;
    private static final double MAPS_NS = 300e3; // how far maps move in their first seconds

    @InjectService(cardinality = 0)
    ServiceAware<StreamAlignments> known; // comes with the reservoir, which comes with the rig
    private StreamAlignments alignments;
    @InjectService(timeout = 10_000)
    TruthReports truths;
    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    CommandProcessor processor;

    @Test
    void shouldFindWhatNoHostTimeShows() {
        var events = ",\"events\":{\"periodMs\":300}";
        Platform.load(rigs, Platform.rig(List.of(
                Platform.camera(SIM, "align.camera", 320, 240, 60, events),
                Platform.audio(SIM, "align.left", 2, 48_000, events + ",\"jitter\":{\"delayUs\":100}"),
                Platform.audio(SIM, "align.right", 2, 48_000, events + ",\"jitter\":{\"delayUs\":3100}"))));
        Platform.await(() -> known.getService() != null, () -> "no StreamAlignments");
        alignments = known.getService();
        Platform.await(() -> reason().contains("'attach align.camera motion'"),
                this::reason);
        analyzers.attach("motion", List.of("align.camera"), Map.of());

        var camera = aligned("align.camera", 6);
        var sound = aligned("align.right", 1); // says nothing yet of streams that began a moment ago

        assertThat(camera.evidence()).isEqualTo("events");
        assertThat(camera.offsetNs()).isCloseTo(late("align.camera") - late("align.left"),
                within(camera.uncertaintyNs() + MAPS_NS));
        assertThat(sound.offsetNs()).as(sound.reason()).isCloseTo(late("align.right") - late("align.left"),
                within(sound.uncertaintyNs() + MAPS_NS));
        assertThat(sound.uncertaintyNs()).isLessThan(100e3);
        assertThat(new Prompt(processor).run("align align.left align.right --last 2500ms")).contains("events");
        analyzers.detach("motion", List.of("align.camera"));
        rigs.unload(Platform.PATIENCE);
    }

    /** What is said of the left and another one once it rests on so much. */
    private StreamAlignment aligned(String with, int pieces) {
        var last = new AtomicReference<StreamAlignment>();
        Platform.await(() -> {
            last.set(alignments.align("align.left", with, SECONDS));
            return last.get().pieces() >= pieces && last.get().uncertaintyNs() > 0;
        }, () -> last + " " + truths.truths());
        return last.get();
    }

    private String reason() {
        try {
            return alignments.align("align.left", "align.camera", SECONDS).reason();
        } catch (BadInputException nothingYet) {
            return nothingYet.getMessage();
        }
    }

    /** By what the map of a source is later than the truth: its error, and the constant delay. */
    private double late(String source) {
        return truths.truths().stream().filter(truth -> truth.source().equals(source))
                .mapToDouble(AlignTest::late).findFirst().orElseThrow();
    }

    private static double late(TruthReport truth) {
        return truth.delayNs() + truth.errorNs();
    }
}
