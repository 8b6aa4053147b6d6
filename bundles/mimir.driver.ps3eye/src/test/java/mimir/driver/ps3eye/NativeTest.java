// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The built library and the Java that drives it, without OSGi and without a camera. */
class NativeTest {
    private final Arena arena = Arena.ofShared();
    private Ps3EyeNative library;

    @BeforeEach
    void load() {
        library = new Ps3EyeNative(Path.of("target/native/libmimir_driver_ps3eye.so"), arena);
    }

    @AfterEach
    void unload() {
        arena.close();
    }

    @Test
    void shouldHaveEveryModeOfThePublishedTable() {
        var modes = library.modes();

        assertThat(modes).filteredOn(mode -> mode.isSize(640, 480)).extracting(Mode::rateLabel).containsExactly(
                "83 (partly corrupt)", "75", "60", "50", "40", "30", "25", "20", "15", "10", "8", "5", "3", "2");
        assertThat(modes).filteredOn(mode -> mode.isSize(320, 240)).extracting(Mode::rateLabel).containsExactly(
                "290 (corrupt)", "205 (partly corrupt)", "187", "150", "137", "125", "100", "90", "75", "60", "50",
                "37", "30");
        assertThat(modes).extracting(Mode::index).doesNotHaveDuplicates().startsWith(0, 1, 2);
    }

    @Test
    void shouldHaveEveryControlWithItsRange() {
        var knobs = library.knobs();

        assertThat(knobs).extracting(Knob::name).containsExactly("exposure", "gain", "agc", "aec", "awb", "brightness",
                "contrast", "saturation", "sharpness", "flip-h", "flip-v", "mains", "led");
        assertThat(knobs).allSatisfy(knob -> assertThat(knob.control(knob.usual()).about()).isNotEmpty());
        assertThat(knobs.getFirst().control(7).range()).isEqualTo("0 to 255");
        assertThat(knobs.get(2).control(1).text()).isEqualTo("on");
    }

    @Test
    void shouldOfferEveryModeToTheKitAndRefuseWhatIsImpossible() throws IOException {
        var reader = new EntryReader(library.modes(), library.knobs());
        var kit = JSON.std.mapFrom(Files.readString(Path.of("src/main/resources/META-INF/mimir/tck.json")));
        var offered = new HashSet<String>();
        for (var mode : (List<?>) kit.get("modes")) {
            var one = (Map<?, ?>) mode;
            var settings = reader.read(entry(one.get("device")));
            var expected = (Map<?, ?>) one.get("expect");
            offered.add(settings.modeLabel());
            assertThat(settings.format().name()).isEqualTo(expected.get("format"));
            assertThat(settings.ring().format().rateHz()).isEqualTo(((Number) expected.get("rateHz")).doubleValue());
        }
        assertThat(offered).hasSize(2 * (int) library.modes().stream().filter(mode -> !mode.isCorrupt()).count());
        assertThat((List<?>) kit.get("impossible")).isNotEmpty().allSatisfy(impossible ->
                assertThatThrownBy(() -> reader.read(entry(impossible))).isInstanceOf(BadInputException.class));
        for (var name : List.of("lossy", "unplugged", "hanging")) {
            assertThat(reader.read(entry(kit.get(name))).id()).isEqualTo("tck." + name);
        }
    }

    /** As the engine hands it to the driver. */
    private static Map<String, Object> entry(Object given) throws IOException {
        var entry = new HashMap<String, Object>();
        for (var member : ((Map<?, ?>) given).entrySet()) {
            var value = member.getValue();
            entry.put((String) member.getKey(), value instanceof Map ? JSON.std.asString(value)
                    : value instanceof Integer whole ? Long.valueOf(whole) : value);
        }
        return entry;
    }

    @Test
    void shouldSayInASentenceThatLibusbIsMissing() {
        var status = arena.allocate(Struct.STATUS.bytes(), 64);

        assertThatThrownBy(() -> library.open("test-eye", status, "/nowhere/libusb.so"))
                .isInstanceOf(IllegalStateException.class).hasMessageContaining("/nowhere/libusb.so")
                .hasMessageNotContaining("\n");
        assertThat(Struct.STATUS.get(status, "tid")).isZero();
    }
}
