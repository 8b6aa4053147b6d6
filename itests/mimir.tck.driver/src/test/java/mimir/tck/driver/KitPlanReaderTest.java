// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kit files, good and bad. */
class KitPlanReaderTest {
    private static final String SOUND = """
            {"schema": "mimir.tck", "version": "1.0",
             "modes": [
               {"device": {"id": "a", "deep": {"rate": 2}},
                "expect": {"format": "YUYV", "width": 64, "height": 48, "rateHz": 59.94}},
               {"device": {"id": "b"},
                "expect": {"format": "F32_PLANAR", "channels": 2, "frames": 64, "rateHz": 48000}},
               {"device": {"id": "c"}, "expect": {"format": "GREY", "width": 64, "height": 48, "rateHz": 30}}],
             "impossible": [{"id": "no"}],
             "lossy": {"id": "l"}, "unplugged": {"id": "u"},
             "stepped": {"atMs": 300, "byMs": -2.5, "device": {"id": "s"}},
             "hanging": {"id": "h"}}
            """;

    @Test
    void shouldReadWhatADriverOffers() {
        var plan = KitPlanReader.read("x.json", SOUND);

        assertThat(plan.modes()).extracting(KitPlan.Mode::itemsPerSecond).containsExactly(59.94, 750.0, 30.0);
        assertThat(plan.steady()).extracting(mode -> mode.device().json().get("id")).containsExactly("a", "b");
        assertThat(plan.modes().getFirst().device().members()).containsEntry("deep", "{\"rate\":2}");
        assertThat(List.of(plan.stepped().atNs(), plan.stepped().byNs())).containsExactly(300_000_000L, -2_500_000L);
    }

    @Test
    void shouldReadWhyThereIsNoClock() {
        var plan = KitPlanReader.read("x.json", SOUND.replaceAll("\"stepped\": .*",
                "\"stepped\": {\"none\": \"a toy\"},"));

        assertThat(plan.stepped().exists()).isFalse();
        assertThat(plan.stepped().none()).isEqualTo("a toy");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            mimir.tck", "version | mimir.rig", "version | x.json: schema is 'mimir.rig' and must be 'mimir.tck'
            "1.0"                | "2.0"                | x.json: version is '2.0' and must be '1.0'
            "YUYV"               | "MJPG"               | x.json: modes[0].expect.format is 'MJPG'; name one of
            "F32_PLANAR"         | "S16"                | x.json: modes[1].expect.format is 'S16'; name one of
            "width": 64          | "width": 0.5         | x.json: modes[0].expect.width must be a whole number above 0
            "atMs": 300,         | "x": 1,              | x.json: stepped.atMs is missing; give a number
            "atMs": 300,         | "none": "x",         | x.json: stepped.byMs is not known here
            "hanging"            | "hangs"              | x.json: hanging is missing; give an object
            {"id": "h"}}         | {"id": "h"}, "x": 1} | x.json: x is not known here
            {"id": "l"}          | {"driver": "d"}      | x.json: lossy.driver has no place in it
            {"id": "l"}          | 7                    | x.json: lossy must be an object in braces
            [{"id": "no"}]       | []                   | x.json: impossible must be a list of at least one object
            [{"id": "no"}]       | [3]                  | x.json: impossible must hold objects only
            {"id": "h"}}         | {"id": "h"           | x.json is not valid JSON
            """)
    void shouldNameWhatIsWrong(String part, String instead, String sentence) {
        assertThatThrownBy(() -> KitPlanReader.read("x.json", SOUND.replace(part, instead)))
                .isInstanceOf(BadInputException.class).hasMessageStartingWith(sentence);
    }
}
