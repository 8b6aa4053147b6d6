// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.MemorySegment;
import java.util.List;
import mimir.api.source.Control;

/**
 * Something of the camera that can be set: its number and range come from the native table, its name from here.
 * Immutable.
 *
 * @param number its number, {@code enum mimir_ps3eye_control}
 * @param name as people type it
 * @param least smallest value
 * @param most largest value
 * @param usual value of a camera that nobody has set
 */
record Knob(int number, String name, long least, long most, long usual) {
    private static final List<String> NAMES = List.of("exposure", "gain", "agc", "aec", "awb", "brightness", "contrast",
            "saturation", "sharpness", "flip-h", "flip-v", "mains", "led");
    private static final List<String> ABOUT = List.of("how long a frame gathers light; without effect while aec is on",
            "brightness of the sensor; without effect while agc is on", "the camera sets gain by itself",
            "the camera sets exposure by itself", "the camera sets white balance by itself", "offset of all pixels",
            "range of all pixels", "how much colour", "how much edges are stressed", "left and right change places",
            "top and bottom change places", "filters the flicker of lamps at 50 Hz",
            "the light at the camera shines while it streams");

    /** Name of a control; its number where nobody gave it one. */
    static String name(int number) {
        return number >= 1 && number <= NAMES.size() ? NAMES.get(number - 1) : "control-" + number;
    }

    /** From {@code mimir_ps3eye_range}. */
    static Knob of(MemorySegment memory) {
        var struct = Struct.RANGE;
        int number = (int) struct.get(memory, "control");
        return new Knob(number, name(number), struct.get(memory, "least"), struct.get(memory, "most"),
                struct.get(memory, "usual"));
    }

    boolean isFlag() {
        return least == 0 && most == 1;
    }

    /** It, with a value of the camera's. */
    Control control(long value) {
        var about = number <= ABOUT.size() ? ABOUT.get(number - 1) : "";
        return isFlag() ? Control.flag(name, value != 0, about) : Control.whole(name, least, most, "", value, about);
    }

    /** What the camera takes for a value that {@link Control#check} gave. */
    long word(Object value) {
        return value instanceof Boolean flag ? flag ? 1 : 0 : ((Number) value).longValue();
    }
}
