// SPDX-License-Identifier: Apache-2.0
package mimir.api.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MembersTest {
    private static Members of(Map<?, ?> values) {
        return new Members("eye.1:", values);
    }

    @Test
    void shouldGiveWhatIsThere() {
        var members = of(Map.of("gain", 1.5, "lines", 3, "kind", "camera", "note", "left", "flip", true, "mode",
                Map.of("width", 640), "steps", List.of(Map.of("atS", 1)), "missing", List.of(1, 2L)));

        assertThat(members.number("gain", 0, 0, 2)).isEqualTo(1.5);
        assertThat(members.whole("lines", 0, 0, 9)).isEqualTo(3);
        assertThat(members.word("kind", null, List.of("camera", "audio"))).isEqualTo("camera");
        assertThat(members.text("note", "")).isEqualTo("left");
        assertThat(members.flag("flip")).isTrue();
        assertThat(members.object("mode").whole("width", 0, 1, 4096)).isEqualTo(640);
        assertThat(members.map("mode")).isEqualTo(Map.of("width", 640L));
        assertThat(members.objects("steps")).singleElement().satisfies(step ->
                assertThat(step.place("atS")).isEqualTo("eye.1: steps[0].atS"));
        assertThat(members.wholes("missing")).containsExactly(1L, 2L);
        members.end();
    }

    @Test
    void shouldGiveTheUsualForWhatIsLeftOut() {
        var members = of(Map.of());

        assertThat(members.has("gain")).isFalse();
        assertThat(members.number("gain", 7, 0, 9)).isEqualTo(7);
        assertThat(members.whole("lines", 7, 0, 9)).isEqualTo(7);
        assertThat(members.word("kind", "audio", List.of("camera", "audio"))).isEqualTo("audio");
        assertThat(members.text("note", "none")).isEqualTo("none");
        assertThat(members.flag("flip")).isFalse();
        assertThat(members.object("mode").has("width")).isFalse();
        assertThat(members.map("mode")).isEmpty();
        assertThat(members.objects("steps")).isEmpty();
        assertThat(members.wholes("missing")).isEmpty();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                refused("rateHz", "fast", m -> m.number("rateHz", 60, 1, 200),
                        "eye.1: rateHz must be a number, not the text \"fast\""),
                refused("rateHz", 0, m -> m.number("rateHz", 60, 1, 200),
                        "eye.1: rateHz is 0, but it must be from 1 to 200"),
                refused("other", 0, m -> m.number("rateHz", Double.NaN, 1, 200.5),
                        "eye.1: rateHz is missing; give it from 1 to 200.5"),
                refused("width", 1.5, m -> m.whole("width", 1, 0, 9), "eye.1: width must be a whole number, not 1.5"),
                refused("kind", "lamp", m -> m.word("kind", null, List.of("camera")),
                        "eye.1: kind is lamp; give one of camera"),
                refused("other", 1, m -> m.word("kind", null, List.of("camera")),
                        "eye.1: kind is missing; give one of camera"),
                refused("flip", 1, m -> m.flag("flip"), "eye.1: flip must be true or false, not 1"),
                refused("mode", List.of(), m -> m.object("mode"), "eye.1: mode must be an object in braces, not []"),
                refused("mode", Map.of("depth", 8), m -> m.object("mode").end(),
                        "eye.1: mode: there is no member 'depth'; there are "),
                refused("missing", List.of(-1), m -> m.wholes("missing"),
                        "eye.1: missing must hold whole numbers from 0 on, not -1"));
    }

    private static Arguments refused(String name, Object value, Consumer<Members> look, String sentence) {
        return Arguments.of(Map.of(name, value), look, sentence);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void shouldRefuseWithOneSentence(Map<String, Object> values, Consumer<Members> look, String sentence) {
        assertThatThrownBy(() -> look.accept(of(values))).isInstanceOf(BadInputException.class).hasMessage(sentence);
    }
}
