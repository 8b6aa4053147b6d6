// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.source.DeviceIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameBookTest {
    private final NameBook book = new NameBook(List.of(device("sim.audio.1", "A1", "usb-1"),
            device("sim.camera.1", "C1", "usb-2"), device("sim.camera.2", "C1", "usb-3"),
            device("sim.camera.10", "", "")), Map.of("left", "sim.camera.1", "loud", "sim.audio.1"),
            Map.of("door", "cam.9 with serial number C9"));

    private static Present device(String id, String serial, String path) {
        return new Present(id, "simulated " + id, new DeviceIdentity("model", serial, path));
    }

    @ParameterizedTest
    @CsvSource({"sim.camera.1, sim.camera.1", "left, sim.camera.1", "lo, sim.audio.1", "sim.a, sim.audio.1",
        "A1, sim.audio.1", "usb-3, sim.camera.2", "simulated sim.camera.10, sim.camera.10",
        "sim.camera.?, sim.camera.1 sim.camera.2", "*1, sim.audio.1 sim.camera.1", "l*, sim.audio.1 sim.camera.1"})
    void shouldKnowADeviceByWhateverTellsIt(String word, String ids) {
        assertThat(book.named(word)).containsExactlyInAnyOrder(ids.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            C1      | 'C1' may be sim.camera.1 or sim.camera.2; type more of the one you mean
            sim.    | 'sim.' may be sim.audio.1, sim.camera.1, sim.camera.10 or sim.camera.2; type more of
            nobody  | there is no source 'nobody'; there are sim.audio.1, sim.camera.1, sim.camera.10 and sim.camera.2
            x*      | no source fits 'x*'; there are sim.audio.1, sim.camera.1, sim.camera.10 and sim.camera.2
            door    | door is cam.9 with serial number C9, which is not here; there are sim.audio.1
            """)
    void shouldSayWhatAWordMayMean(String word, String sentence) {
        assertThatThrownBy(() -> book.named(word)).isInstanceOf(BadInputException.class)
                .message().startsWith(sentence);
    }

    @Test
    void shouldNotTakeNothingForABeginning() {
        var alone = new NameBook(List.of(device("cam", "", "")), Map.of(), Map.of());
        assertThatThrownBy(() -> alone.named("")).hasMessage("there is no source ''; there is cam");
    }

    @Test
    void shouldFollowADeviceByItsSerialNumber() {
        var was = new DeviceIdentity("model", "S1", "usb-1");

        assertThat(meant("cam", was, device("cam", "S1", "usb-9"))).as("another port").isEqualTo("cam");
        assertThat(meant("cam", was, device("other", "S1", "usb-9"), device("cam", "S2", "usb-1")))
                .as("another id").isEqualTo("other");
        assertThat(meant("cam", was, device("cam", "S2", "usb-1"))).as("another device").isNull();
        assertThat(meant("cam", was, device("cam", "", ""))).as("one that does not run").isEqualTo("cam");
        assertThat(meant("cam", was, device("one", "S1", "usb-2"), device("two", "S1", "usb-1")))
                .as("of two that are alike the one at its port").isEqualTo("two");
        assertThat(meant("cam", was, device("one", "S1", "usb-2"), device("two", "S1", "usb-3")))
                .as("of two that are alike and elsewhere none").isNull();
    }

    private static String meant(String id, DeviceIdentity was, Present... present) {
        return Present.meant(id, was, List.of(present)).map(Present::id).orElse(null);
    }

    @Test
    void shouldRememberWhatWasSetOfADevice() {
        var settings = new Settings();
        var first = new DeviceIdentity("model", "S1", "usb-1");
        settings.keep("cam", first, Map.of("gain", 2.0), List.of("cam"));
        settings.keep("cam", first.at("usb-2"), Map.of("led", true), List.of("cam"));

        assertThat(settings.of("cam", first, List.of("cam"))).isEqualTo(Map.of("gain", 2.0, "led", true));
        assertThat(settings.of("other", first, List.of("other"))).hasSize(2);
        assertThat(settings.of("other", first, List.of("cam", "other"))).as("that of a twin").isEmpty();
        assertThat(settings.of("cam", new DeviceIdentity("model", "S2", "usb-1"), List.of("cam"))).isEmpty();
    }
}
