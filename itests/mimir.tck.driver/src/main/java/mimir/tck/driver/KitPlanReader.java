// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;

/** Reads the kit file of a driver; every fault is a sentence that names the file and the member. Confined. */
final class KitPlanReader {
    private static final JSON STRICT = JSON.builder(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()).build();

    private final String where;
    private final Map<?, ?> values;
    private final Set<String> asked = new LinkedHashSet<>();

    private KitPlanReader(String where, Map<?, ?> values) {
        this.where = where;
        this.values = values;
    }

    /**
     * The plan.
     *
     * @param label how people know the file
     * @throws BadInputException with one sentence
     */
    static KitPlan read(String label, String text) {
        try {
            if (STRICT.anyFrom(text) instanceof Map<?, ?> object) {
                return new KitPlanReader(label, object).plan();
            }
            throw new BadInputException(label + " is no JSON object; write it as docs/write-a-driver.md shows");
        } catch (JacksonException malformed) {
            throw new BadInputException(label + " is not valid JSON: " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw new BadInputException(label + " cannot be read: " + unreadable.getMessage());
        }
    }

    private KitPlan plan() {
        constant("schema", "mimir.tck");
        constant("version", "1.0");
        var modes = new ArrayList<KitPlan.Mode>();
        for (var mode : objects("modes")) {
            modes.add(mode.mode());
        }
        var impossible = objects("impossible").stream().map(KitPlanReader::entry).toList();
        var plan = new KitPlan(modes, impossible, object("lossy").entry(), object("unplugged").entry(),
                object("stepped").stepped(), object("hanging").entry());
        end();
        return plan;
    }

    /** A device may say why it has no clock that could step; the kit looks whether it is so. */
    private KitPlan.Stepped stepped() {
        var read = values.containsKey("none") ? new KitPlan.Stepped(text("none"), null, 0, 0)
                : new KitPlan.Stepped(null, object("device").entry(), Math.round(number("atMs") * 1e6),
                        Math.round(number("byMs") * 1e6));
        end();
        return read;
    }

    private KitPlan.Mode mode() {
        var device = object("device").entry();
        var expect = object("expect");
        boolean audio = expect.values.containsKey("channels");
        var read = audio
                ? new KitPlan.Mode(device, true, expect.samples(), expect.whole("channels"), expect.whole("frames"),
                        expect.number("rateHz"))
                : new KitPlan.Mode(device, false, expect.pixels(), expect.whole("width"), expect.whole("height"),
                        expect.number("rateHz"));
        expect.end();
        end();
        return read;
    }

    private int pixels() {
        var name = text("format");
        try {
            return PixelFormat.valueOf(name).code();
        } catch (IllegalArgumentException unknown) {
            throw fault("format", "is '" + name + "'; name one of " + List.of(PixelFormat.values()));
        }
    }

    private int samples() {
        var name = text("format");
        try {
            return SampleFormat.valueOf(name).code();
        } catch (IllegalArgumentException unknown) {
            throw fault("format", "is '" + name + "'; name one of " + List.of(SampleFormat.values()));
        }
    }

    private Entry entry() {
        var members = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> members.put(String.valueOf(name), value));
        if (members.remove("driver") != null) {
            throw fault("driver", "has no place in it; the kit names the driver that it looks at");
        }
        return new Entry(members);
    }

    private void constant(String name, String value) {
        var found = text(name);
        if (!found.equals(value)) {
            throw fault(name, "is '" + found + "' and must be '" + value + "'");
        }
    }

    private Object value(String name, String kind) {
        asked.add(name);
        var value = values.get(name);
        if (value == null) {
            throw fault(name, "is missing; give " + kind);
        }
        return value;
    }

    private String text(String name) {
        if (value(name, "a text") instanceof String text) {
            return text;
        }
        throw fault(name, "must be a text");
    }

    private double number(String name) {
        if (value(name, "a number") instanceof Number number) {
            return number.doubleValue();
        }
        throw fault(name, "must be a number");
    }

    private int whole(String name) {
        double number = number(name);
        if (number == Math.rint(number) && number > 0 && number < Integer.MAX_VALUE) {
            return (int) number;
        }
        throw fault(name, "must be a whole number above 0");
    }

    private KitPlanReader object(String name) {
        if (value(name, "an object") instanceof Map<?, ?> object) {
            return new KitPlanReader(place(name), object);
        }
        throw fault(name, "must be an object in braces");
    }

    private List<KitPlanReader> objects(String name) {
        var read = new ArrayList<KitPlanReader>();
        if (value(name, "a list of objects") instanceof List<?> list && !list.isEmpty()) {
            for (var one : list) {
                if (!(one instanceof Map<?, ?> object)) {
                    throw fault(name, "must hold objects only");
                }
                read.add(new KitPlanReader(place(name) + "[" + read.size() + "]", object));
            }
            return read;
        }
        throw fault(name, "must be a list of at least one object");
    }

    private void end() {
        for (var name : values.keySet()) {
            if (!asked.contains(String.valueOf(name))) {
                throw fault(String.valueOf(name), "is not known here; leave it out, or see docs/write-a-driver.md");
            }
        }
    }

    private String place(String name) {
        return where + (where.endsWith(".json") ? ": " : ".") + name;
    }

    private BadInputException fault(String name, String what) {
        return new BadInputException(place(name) + " " + what);
    }
}
