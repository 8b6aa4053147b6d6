// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mimir.api.media.PixelFormat;

/**
 * Counts what cameras take of their buses, and whether one more fits: a bus that is too full freezes cameras that ran
 * well. All high-speed devices of a bus share it, whatever hubs lie between. Immutable.
 *
 * @param devices what is plugged in
 * @param loads what the cameras that run take, by place
 */
record Planner(List<UsbDevice> devices, Map<Place, Load> loads) {
    /** What a high-speed bus carries in a second: eight tenths of 480 Mbit/s. */
    static final long BUS_BYTES = 48_000_000;
    /** What a device at full speed gets: eight tenths of 12 Mbit/s. */
    static final long FULL_SPEED_BYTES = 1_200_000;

    private static final int FULL_SPEED = 2;

    /** The list and the map are copied. */
    Planner {
        devices = List.copyOf(devices);
        loads = Map.copyOf(loads);
    }

    /** What a camera takes, and whose it is. Immutable. */
    record Load(String id, String mode, long bytesPerSecond) {
        static Load of(Settings settings) {
            return new Load(settings.id(), settings.modeLabel(), settings.bytesPerSecond());
        }
    }

    /** One bus, with the devices on it in order of their places. Immutable. */
    record Bus(String controller, long number, long bytesPerSecond, List<UsbDevice> devices) {
    }

    /** All high-speed buses that have a device, by controller. */
    List<Bus> buses() {
        var onBus = new TreeMap<Long, List<UsbDevice>>();
        devices.stream().filter(UsbDevice::isOnHighSpeed).forEach(device ->
                onBus.computeIfAbsent(device.place().bus(), number -> new ArrayList<>()).add(device));
        var buses = new ArrayList<Bus>();
        onBus.forEach((number, there) -> buses.add(new Bus(there.stream().map(UsbDevice::controller)
                .filter(name -> !name.isEmpty()).findFirst().orElse(""), number, taken(number), there.stream()
                .sorted((one, other) -> one.place().compareTo(other.place())).toList())));
        buses.sort((one, other) -> one.controller().compareTo(other.controller()));
        return buses;
    }

    /** What the cameras of a bus take of it in a second. */
    long taken(long bus) {
        return loads.entrySet().stream().filter(load -> load.getKey().bus() == bus)
                .mapToLong(load -> load.getValue().bytesPerSecond()).sum();
    }

    /** What is left for a device. */
    long room(UsbDevice device) {
        long left = Math.max(0, BUS_BYTES - taken(device.place().bus()));
        return device.speed() == FULL_SPEED ? Math.min(left, FULL_SPEED_BYTES) : left;
    }

    /**
     * The mode in which a camera may run: the one that was asked for, or a slower one where the rig allows it.
     *
     * @param modes all that the camera has
     * @throws IllegalStateException with one sentence when none fits
     */
    Mode admit(Settings settings, UsbDevice device, List<Mode> modes) {
        return fitting(settings, device, modes).orElseThrow(() -> new IllegalStateException(refusal(settings, device,
                slower(settings, device, modes), modes)));
    }

    private Optional<Mode> fitting(Settings settings, UsbDevice device, List<Mode> modes) {
        if (settings.bytesPerSecond() <= room(device)) {
            return Optional.of(settings.mode());
        }
        return settings.lower() ? slower(settings, device, modes) : Optional.empty();
    }

    private Optional<Mode> slower(Settings settings, UsbDevice device, List<Mode> modes) {
        return slower(settings, settings.format(), settings.mode().rateMilliHz() - 1, room(device), modes);
    }

    /** As it will be when that camera runs, too; the same where it has no room. */
    Planner with(Settings settings, UsbDevice device, List<Mode> modes) {
        return fitting(settings, device, modes).map(mode -> {
            var more = new HashMap<>(loads);
            more.put(device.place(), Load.of(settings.with(mode)));
            return new Planner(devices, more);
        }).orElse(this);
    }

    /** The fastest of the same size that fits. */
    private static Optional<Mode> slower(Settings settings, PixelFormat format, int mostMilliHz, long room,
            List<Mode> modes) {
        return modes.stream().filter(mode -> mode.isSize(settings.mode().width(), settings.mode().height()))
                .filter(mode -> !mode.isCorrupt() && mode.rateMilliHz() <= mostMilliHz)
                .filter(mode -> mode.bytesPerSecond(format) <= room)
                .max((one, other) -> Integer.compare(one.rateMilliHz(), other.rateMilliHz()));
    }

    private String refusal(Settings settings, UsbDevice device, Optional<Mode> slower, List<Mode> modes) {
        var needs = settings.modeLabel() + " needs " + Mode.megabytes(settings.bytesPerSecond()) + ", but ";
        if (device.speed() == FULL_SPEED) {
            return needs + "the camera at " + device.place() + " is connected at full speed (12 Mbit/s), which carries "
                    + Mode.megabytes(FULL_SPEED_BYTES) + "; take the old hub or the bad cable out of its way";
        }
        var there = loads.entrySet().stream().filter(load -> load.getKey().bus() == device.place().bus())
                .map(load -> load.getValue().id()).sorted().collect(Collectors.joining(", "));
        return needs + bus(device) + " carries " + Mode.megabytes(taken(device.place().bus())) + " of "
                + Mode.megabytes(BUS_BYTES) + (there.isEmpty() ? "" : " (" + there + ")")
                + "; plug the camera into a port of another controller" + remedy(settings, device, slower, modes);
    }

    private static String bus(UsbDevice device) {
        var controller = device.controller().isEmpty() ? "" : " of controller " + device.controller();
        return "bus " + device.place().bus() + controller;
    }

    private String remedy(Settings settings, UsbDevice device, Optional<Mode> slower, List<Mode> modes) {
        var bayer = settings.format() == PixelFormat.BAYER_GRBG ? Optional.<Mode>empty()
                : slower(settings, PixelFormat.BAYER_GRBG, settings.mode().rateMilliHz(), room(device), modes)
                        .filter(mode -> mode.rateMilliHz() == settings.mode().rateMilliHz());
        if (bayer.isPresent()) {
            return ", or ask for " + bayer.get().label(PixelFormat.BAYER_GRBG);
        }
        return slower.map(mode -> ", or ask for " + mode.rateHz() + " Hz").orElse("");
    }

    /** Why a camera runs slower than it was asked to. */
    String lowered(Settings settings, UsbDevice device, Mode now) {
        return "runs at " + now.rateHz() + " Hz instead of " + settings.mode().rateHz() + ": " + bus(device)
                + " carries " + Mode.megabytes(taken(device.place().bus())) + " of " + Mode.megabytes(BUS_BYTES)
                + " already; plug it into a port of another controller";
    }
}
