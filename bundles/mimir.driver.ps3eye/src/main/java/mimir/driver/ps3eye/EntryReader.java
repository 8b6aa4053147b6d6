// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.rig.Members;
import mimir.ring.Abi;

/**
 * Reads entries of rigs (docs/drivers/ps3eye.md). Immutable.
 *
 * @param modes what the camera can do
 * @param knobs what can be set of it
 */
record EntryReader(List<Mode> modes, List<Knob> knobs) {
    /** What an entry may have; a configuration has more. */
    static final List<String> MEMBERS = List.of("id", "port", "serial", "mode", "rateHz", "force", "whenFull",
            "controls", "hangOnStop");

    private static final List<String> FORMATS = List.of("BAYER_GRBG8", "BAYER_GRBG", "YUYV");
    private static final List<String> WHEN_FULL = List.of("refuse", "lower");
    private static final List<String> OBJECTS = List.of("mode", "controls");
    private static final JSON STRICT = JSON.builder(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()).build();
    private static final int MOST_SERIAL = 63;
    private static final int MOST_LINES = 65_535;
    private static final int MOST_HZ = 1000;

    /**
     * What an entry means.
     *
     * @throws BadInputException with one sentence that names the member and the remedy
     */
    Settings read(Map<String, Object> entry) {
        var unnamed = new Members(Ps3EyeDriver.NAME + ":", entry);
        if (!(entry.get("id") instanceof String id) || id.isBlank()
                || id.getBytes(StandardCharsets.UTF_8).length >= Abi.NAME_BYTES) {
            throw unnamed.fault("a camera needs an id of 1 to " + (Abi.NAME_BYTES - 1) + " bytes, such as ps3eye.1");
        }
        var members = new Members(id + ":", withObjects(id + ": ", entry));
        members.text("id", "");
        var port = members.text("port", "");
        var serial = members.text("serial", "");
        if (!port.isEmpty() && !serial.isEmpty()) {
            throw members.fault("it has port and serial; give one of them");
        }
        if (serial.length() > MOST_SERIAL) {
            throw members.fault("serial has more than " + MOST_SERIAL + " characters; mimir:usb shows what cameras"
                    + " tell");
        }
        var format = new PixelFormat[1];
        boolean force = members.flag("force");
        var mode = mode(members, format, force);
        var settings = new Settings(id, port.isEmpty() ? null : Place.parse(members.place("port"), port), serial, mode,
                format[0], force, members.word("whenFull", WHEN_FULL.getFirst(), WHEN_FULL).equals("lower"),
                members.flag("hangOnStop"), controls(members));
        members.end();
        return settings;
    }

    /** A configuration has objects as their JSON text. */
    private static Map<String, Object> withObjects(String place, Map<String, Object> entry) {
        var read = new HashMap<>(entry);
        for (var name : OBJECTS) {
            try {
                if (entry.get(name) instanceof String json) {
                    read.put(name, STRICT.anyFrom(json));
                }
            } catch (JacksonException malformed) {
                throw new BadInputException(place + name + " is not valid JSON: " + malformed.getOriginalMessage());
            } catch (IOException unreadable) {
                throw new BadInputException(place + name + " cannot be read: " + unreadable.getMessage());
            }
        }
        return read;
    }

    private Mode mode(Members members, PixelFormat[] format, boolean force) {
        var size = members.object("mode");
        long width = size.whole("width", 640, 1, MOST_LINES);
        long height = size.whole("height", 480, 1, MOST_LINES);
        var name = size.word("format", FORMATS.getFirst(), FORMATS);
        size.end();
        format[0] = name.equals("YUYV") ? PixelFormat.YUYV : PixelFormat.BAYER_GRBG;
        double rateHz = members.number("rateHz", 60, 1, MOST_HZ);
        var ofSize = modes.stream().filter(mode -> mode.isSize(width, height)).toList();
        if (ofSize.isEmpty()) {
            throw size.fault("the camera has no " + width + "x" + height + "; it has " + sizes());
        }
        var found = ofSize.stream().filter(mode -> mode.isRate(rateHz)).findFirst().orElseThrow(() ->
                new BadInputException(members.place("rateHz") + " is " + plain(rateHz) + ", but at " + width + "x"
                        + height + " the camera has " + rates(ofSize)));
        if (found.isCorrupt() && !force) {
            throw members.fault(width + "x" + height + " at " + found.rateHz() + " Hz has " + found.damage()
                    + " pictures; ask for " + rates(ofSize.stream().filter(mode -> !mode.isCorrupt()).toList())
                    + " Hz, or say \"force\": true");
        }
        return found;
    }

    private String sizes() {
        return modes.stream().map(mode -> mode.width() + "x" + mode.height())
                .collect(Collectors.toCollection(LinkedHashSet::new)).stream().collect(Collectors.joining(" and "));
    }

    private static String rates(List<Mode> modes) {
        return modes.stream().map(Mode::rateLabel).collect(Collectors.joining(", "));
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15 ? Long.toString((long) number)
                : Double.toString(number);
    }

    private Map<String, Object> controls(Members members) {
        var place = members.place("controls");
        var values = new LinkedHashMap<String, Object>();
        members.map("controls").forEach((name, value) -> {
            var knob = knobs.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow(() ->
                    new BadInputException(place + ": the camera has no control '" + name + "'; it has "
                            + knobs.stream().map(Knob::name).collect(Collectors.joining(", "))));
            try {
                values.put(name, knob.control(knob.usual()).check(value));
            } catch (BadInputException refused) {
                throw new BadInputException(place + ": " + refused.getMessage());
            }
        });
        return values;
    }
}
