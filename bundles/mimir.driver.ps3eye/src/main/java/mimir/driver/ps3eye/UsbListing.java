// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The buses with their devices and loads, for people and for programs. Immutable.
 *
 * @param fault why USB cannot be used here; null when it can
 * @param buses in the order of their controllers
 * @param waiting why entries of the rig have no camera that runs
 */
record UsbListing(String fault, List<UsbBus> buses, Map<String, String> waiting) {
    private static final List<String> HEADERS = List.of("PORT", "DEVICE", "SPEED", "SERIAL", "SOURCE", "MODE",
            "LOAD MB/s");
    private static final int NUMBER = HEADERS.size() - 1;

    /** A bus and what is on it. Immutable. */
    record UsbBus(Planner.Bus bus, Map<UsbDevice, Planner.Load> loads) {
    }

    static UsbListing of(Planner planner, Map<String, String> waiting) {
        var buses = new ArrayList<UsbBus>();
        for (var bus : planner.buses()) {
            var loads = new LinkedHashMap<UsbDevice, Planner.Load>();
            bus.devices().stream().filter(device -> planner.loads().containsKey(device.place()))
                    .forEach(device -> loads.put(device, planner.loads().get(device.place())));
            buses.add(new UsbBus(bus, loads));
        }
        return new UsbListing(null, buses, waiting);
    }

    /** A line a device, then a sentence a bus that carries cameras, then what keeps others from running. */
    String table() {
        if (fault != null) {
            return fault;
        }
        var lines = new ArrayList<String>();
        var rows = new ArrayList<List<String>>();
        rows.add(HEADERS);
        buses.forEach(bus -> bus.bus().devices().forEach(device -> rows.add(row(device, bus.loads().get(device)))));
        if (rows.size() > 1) {
            rows.forEach(row -> lines.add(line(row, rows)));
        }
        var cameras = buses.stream().flatMap(bus -> bus.bus().devices().stream()).filter(UsbDevice::isCamera).toList();
        if (cameras.isEmpty()) {
            lines.add("No PS3 Eye (USB 1415:2000) is plugged in; plug one in, and a rig that has it starts it.");
        }
        buses.stream().filter(bus -> bus.bus().devices().stream().anyMatch(UsbDevice::isCamera))
                .forEach(bus -> lines.add(sentence(bus.bus())));
        cameras.stream().filter(camera -> !camera.permitted()).findFirst()
                .ifPresent(camera -> lines.add("There is " + Refusals.permission(camera.place())));
        waiting.forEach((id, why) -> lines.add(id + " does not run: " + why));
        return String.join("\n", lines);
    }

    private static List<String> row(UsbDevice device, Planner.Load load) {
        return List.of(device.place().toString(), device.label(), device.speedLabel(),
                device.serial().isEmpty() ? "-" : device.serial(), load == null ? "-" : load.id(),
                load == null ? "-" : load.mode(), load == null ? "-" : number(load.bytesPerSecond()));
    }

    private static String number(long bytesPerSecond) {
        return Mode.megabytes(bytesPerSecond).replace(" MB/s", "");
    }

    private static String line(List<String> row, List<List<String>> rows) {
        var line = new StringBuilder();
        for (int at = 0; at < row.size(); at++) {
            int column = at;
            int width = rows.stream().mapToInt(one -> one.get(column).length()).max().orElse(0);
            var room = " ".repeat(width - row.get(at).length());
            line.append(at == 0 ? "" : "  ").append(at == NUMBER ? room + row.get(at) : row.get(at) + room);
        }
        return line.toString().stripTrailing();
    }

    private static String sentence(Planner.Bus bus) {
        return "Bus " + bus.number() + (bus.controller().isEmpty() ? "" : " of controller " + bus.controller())
                + " carries " + Mode.megabytes(bus.bytesPerSecond()) + " of " + Mode.megabytes(Planner.BUS_BYTES)
                + " (" + bus.bytesPerSecond() * 100 / Planner.BUS_BYTES + " %).";
    }

    /** For programs. */
    String json() {
        var values = new LinkedHashMap<String, Object>();
        values.put("fault", fault);
        values.put("buses", buses.stream().map(UsbListing::values).toList());
        values.put("waiting", waiting.entrySet().stream().map(one -> ordered("id", one.getKey(), "reason",
                one.getValue())).toList());
        try {
            return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                    .asString(values);
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be written as JSON", e);
        }
    }

    private static Map<String, Object> values(UsbBus bus) {
        return ordered("controller", bus.bus().controller(), "bus", bus.bus().number(), "bytesPerS",
                bus.bus().bytesPerSecond(), "mostBytesPerS", Planner.BUS_BYTES, "devices",
                bus.bus().devices().stream().map(device -> values(device, bus.loads().get(device))).toList());
    }

    private static Map<String, Object> values(UsbDevice device, Planner.Load load) {
        return ordered("port", device.place().toString(), "device", device.label(), "id",
                "%04x:%04x".formatted(device.id() >>> 16, device.id() & 0xffff), "speed", device.speedLabel(),
                "serial", device.serial(), "camera", device.isCamera(), "permitted", device.permitted(), "source",
                load == null ? null : load.id(), "mode", load == null ? null : load.mode(), "bytesPerS",
                load == null ? 0 : load.bytesPerSecond());
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        var values = new LinkedHashMap<String, Object>();
        for (int at = 0; at < namesAndValues.length; at += 2) {
            values.put((String) namesAndValues[at], namesAndValues[at + 1]);
        }
        return values;
    }
}
