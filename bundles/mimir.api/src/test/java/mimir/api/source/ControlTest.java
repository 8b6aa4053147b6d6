// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;

class ControlTest {
    private static final Control EXPOSURE = Control.whole("exposure", 100, 16_666, "us", 5000, "light");
    private static final Control GAIN = Control.number("gain", 0.5, 16, "", 1, "brightness");
    private static final Control LED = Control.flag("led", true, "light at the device");
    private static final Control MODE = Control.choice("mode", List.of("day", "night"), "day", "hours");

    @Test
    void shouldTakeWhatPeopleType() {
        assertEquals(5001L, EXPOSURE.parse("5001"));
        assertEquals(2.5, GAIN.parse("2.5"));
        assertEquals(2.0, GAIN.parse("2"));
        assertEquals(false, LED.parse("OFF"));
        assertEquals(true, LED.parse("1"));
        assertEquals("night", MODE.parse("night"));
        assertEquals(3.0, GAIN.check(3L));
    }

    @Test
    void shouldSayWhatItTakes() {
        refused(EXPOSURE, "99", "exposure cannot be '99': give a whole number, 100 to 16666 us");
        refused(EXPOSURE, "5000.5", "exposure cannot be '5000.5': give a whole number, 100 to 16666 us");
        refused(GAIN, "99", "gain cannot be '99': give a number, 0.5 to 16");
        refused(GAIN, "NaN", "gain cannot be 'NaN': give a number, 0.5 to 16");
        refused(GAIN, "", "gain cannot be '': give a number, 0.5 to 16");
        refused(LED, "blue", "led cannot be 'blue': give on or off");
        refused(MODE, "dusk", "mode cannot be 'dusk': give one of day, night");
        assertThrows(BadInputException.class, () -> EXPOSURE.check(5.0));
        assertThrows(BadInputException.class, () -> GAIN.check(Double.NaN));
    }

    private static void refused(Control control, String text, String sentence) {
        assertEquals(sentence, assertThrows(BadInputException.class, () -> control.parse(text)).getMessage());
    }

    @Test
    void shouldShowItsValue() {
        assertEquals(List.of("5000", "1", "on", "day"), List.of(EXPOSURE.text(), GAIN.text(), LED.text(), MODE.text()));
    }
}
