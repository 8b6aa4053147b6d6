// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import mimir.api.BadInputException;
import mimir.api.source.Driver;
import mimir.ring.RingSpec;

/**
 * The devices that a rig means, as its drivers say. Immutable.
 *
 * @param spec the rig
 * @param devices all devices of all entries, in order; no identity twice
 * @param shares what of the reservoir's memory goes to rings
 */
public record Plan(RigSpec spec, List<Device> devices, Shares shares) {
    /** One device: the configuration that its driver wants under its factory PID. Immutable. */
    record Device(String driver, String id, Map<String, Object> properties) {
        /** Bytes of its ring; 0 when its driver does not tell. */
        long plannedBytes() {
            return properties.get(Driver.RING_BYTES) instanceof Long bytes ? bytes : 0;
        }

        /** How long that ring lasts, s; 0 when its driver does not tell. */
        double plannedSeconds() {
            return properties.get(Driver.RING_SECONDS) instanceof Double seconds ? seconds : 0;
        }

        /** Those of a driver that does not tell how long they last are taken as they are. */
        private long ringBytes(RigRings rings) {
            return rings.bytes(plannedBytes(), plannedSeconds() > 0 ? plannedSeconds() : RingSpec.MOST_SECONDS);
        }
    }

    /** Identities of all devices. */
    List<String> ids() {
        return devices.stream().map(Device::id).toList();
    }

    /**
     * Asks the drivers.
     *
     * @param drivers finds the driver of an entry, or throws
     * @throws BadInputException when a driver refuses an entry or two devices have the same identity
     * @throws IllegalStateException when a driver cannot work here, or the rings do not fit into their directory or
     * into the machine's memory
     */
    static Plan of(RigText text, RigSpec spec, BiFunction<RigText, RigSpec.Entry, Driver> drivers) {
        var devices = new ArrayList<Device>();
        var places = new HashMap<String, String>();
        for (var entry : spec.entries()) {
            for (var device : planned(text, entry, drivers.apply(text, entry))) {
                if (device.id().codePoints().anyMatch(Character::isISOControl)) {
                    throw text.fault(entry.place(), "the identity '" + device.id().replaceAll("\\p{Cntrl}", "?")
                            + "' holds control characters; give the device another id");
                }
                var former = places.putIfAbsent(device.id(), entry.place());
                if (former != null) {
                    throw text.fault(entry.place(), "the identity " + device.id() + " is already that of " + former
                            + "; give each device an id of its own");
                }
                devices.add(device);
            }
        }
        var plan = new Plan(spec, List.copyOf(devices), Shares.of(text, spec, devices));
        double needed = devices.stream().mapToDouble(device -> device.ringBytes(spec.rings())).sum();
        plan.requireMemory(text, needed);
        plan.requireSpace(text, needed);
        return plan;
    }

    private static List<Device> planned(RigText text, RigSpec.Entry entry, Driver driver) {
        List<Map<String, Object>> configurations;
        try {
            configurations = driver.plan(entry.members());
        } catch (BadInputException refused) {
            throw text.fault(entry.place(), refused.getMessage());
        } catch (IllegalStateException cannot) {
            throw new IllegalStateException(text.label() + ", " + entry.place() + ": " + cannot.getMessage(), cannot);
        }
        if (configurations.isEmpty()) {
            throw text.fault(entry.place(), "driver " + entry.driver() + " finds no device in it; check its members");
        }
        return configurations.stream().map(configuration -> device(entry, configuration)).toList();
    }

    private static Device device(RigSpec.Entry entry, Map<String, Object> configuration) {
        if (configuration.get("id") instanceof String id && !id.isBlank()) {
            return new Device(entry.driver(), id, Map.copyOf(configuration));
        }
        throw new IllegalStateException("driver " + entry.driver() + " planned a device without id; replace it");
    }

    /** Rings in memory are made present at once: without this the system would end some process for want of it. */
    private void requireMemory(RigText text, double needed) {
        if (spec.rings().seconds() != null && needed > RigSpec.machineBytes()) {
            throw text.fault("rings.seconds", "is " + spec.rings().seconds() + ", for which the rings of this rig need "
                    + mebibytes(needed) + ", but this machine has " + mebibytes(RigSpec.machineBytes())
                    + "; give less");
        }
    }

    /** A directory that is too small is told before the first ring is made. */
    private void requireSpace(RigText text, double needed) {
        var directory = spec.rings().directory();
        if (directory == null) {
            return;
        }
        long free;
        try {
            free = Files.getFileStore(directory).getUsableSpace();
        } catch (IOException refused) {
            throw new IllegalStateException(text.label() + ": rings.dir " + directory
                    + " does not tell its free space; name another directory or leave rings out", refused);
        }
        if (needed > free) {
            throw new IllegalStateException(text.label() + ": rings.dir " + directory + " has "
                    + mebibytes(free) + " free, the rings of this rig need " + mebibytes(needed)
                    + "; free space there, name another directory or leave rings out");
        }
    }

    static String mebibytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (1 << 20));
    }
}
