// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Modes and controls for tests, and what else they need again and again. Immutable. */
final class Table {
    static final List<Mode> MODES = List.of(new Mode(0, 640, 480, 83, 82500, 5), new Mode(1, 640, 480, 75, 75000, 4),
            new Mode(2, 640, 480, 60, 60000, 0), new Mode(3, 640, 480, 30, 30000, 0),
            new Mode(4, 640, 480, 15, 15000, 0), new Mode(5, 320, 240, 290, 290000, 6),
            new Mode(6, 320, 240, 187, 187500, 0), new Mode(7, 320, 240, 60, 60000, 0));
    static final List<Knob> KNOBS = List.of(new Knob(1, "exposure", 0, 255, 120), new Knob(3, "agc", 0, 1, 1));
    static final EntryReader READER = new EntryReader(MODES, KNOBS);
    private static final long EYE = 0x1415_2000L;

    private Table() {
    }

    /** An entry with further members, names and values in turns. */
    static Map<String, Object> entry(String id, Object... more) {
        var entry = new HashMap<String, Object>(Map.of("id", id));
        for (int at = 0; at < more.length; at += 2) {
            entry.put((String) more[at], more[at + 1]);
        }
        return entry;
    }

    static Settings settings(String id, Object... more) {
        return READER.read(entry(id, more));
    }

    static UsbDevice eye(String place, String serial) {
        return device(place, EYE, 3, true, serial);
    }

    static UsbDevice device(String place, long id, long speed, boolean permitted, String serial) {
        var at = Place.parse("place", place);
        return new UsbDevice(at, 5, id, 0, speed, permitted, "0000:00:1" + at.bus() + ".0", serial, "");
    }
}
