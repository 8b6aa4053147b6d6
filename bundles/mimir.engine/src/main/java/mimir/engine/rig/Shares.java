// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the memory of the reservoir is divided between its log and the rings that are part of it: as much as half goes to
 * these, so that all of them last as long as can be, and the rest to the log, which holds what is copied. Immutable.
 *
 * @param own identities of the devices whose rings are part of it
 * @param seconds how long each of these rings lasts at least, s
 * @param logBytes memory of the log, or null for its default
 */
record Shares(List<String> own, double seconds, Long logBytes) {
    private static final double ROUNDING = 1e-9; // of the slots that a length in seconds means

    /** A ring that can only be doubled. */
    private record Depth(long bytes, double seconds) {
        Depth doubled() {
            return new Depth(2 * bytes, 2 * seconds);
        }
    }

    static Shares of(RigText text, RigSpec spec, List<Plan.Device> devices) {
        var reservoir = spec.reservoir();
        if (reservoir.own().isEmpty()) {
            return new Shares(List.of(), 0, reservoir.bytes());
        }
        if (spec.rings().directory() != null) {
            throw text.fault("reservoir.own", "cannot be, as rings.dir puts rings into files, which others may cut;"
                    + " leave one of them out");
        }
        var rings = new ArrayList<Depth>();
        for (var id : reservoir.own()) {
            rings.add(shallow(text, spec.rings(), device(text, id, devices)));
        }
        long most = reservoir.bytes() / 2;
        if (sum(rings) > most) {
            throw text.fault("reservoir.own", "names rings of " + Plan.mebibytes(sum(rings)) + ", but no more than half"
                    + " of reservoir.bytes, " + Plan.mebibytes(most) + ", can go to rings; name fewer or give more");
        }
        deepen(rings, most);
        double seconds = rings.stream().mapToDouble(Depth::seconds).min().orElseThrow();
        return new Shares(reservoir.own(), seconds * (1 - ROUNDING), reservoir.bytes() - sum(rings));
    }

    private static Plan.Device device(RigText text, String id, List<Plan.Device> devices) {
        return devices.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow(() ->
                text.fault("reservoir.own", "names '" + id + "', which is no device of this rig; it has "
                        + String.join(", ", devices.stream().map(Plan.Device::id).toList())));
    }

    /** As it is without the reservoir. */
    private static Depth shallow(RigText text, RigRings rings, Plan.Device device) {
        if (device.plannedBytes() <= 0 || device.plannedSeconds() <= 0) {
            throw text.fault("reservoir.own", "names '" + device.id() + "', whose driver does not tell how large its"
                    + " ring is and how long it lasts; leave it out");
        }
        var ring = new Depth(device.plannedBytes(), device.plannedSeconds());
        while (rings.seconds() != null && ring.seconds() < rings.seconds()) {
            ring = ring.doubled();
        }
        return ring;
    }

    /** What is there reaches as far back as the shortest ring, so that one is doubled first. */
    private static void deepen(List<Depth> rings, long most) {
        while (true) {
            int shortest = rings.indexOf(rings.stream().min(Comparator.comparingDouble(Depth::seconds)).orElseThrow());
            if (sum(rings) + rings.get(shortest).bytes() > most) {
                return;
            }
            rings.set(shortest, rings.get(shortest).doubled());
        }
    }

    private static long sum(List<Depth> rings) {
        return rings.stream().mapToLong(Depth::bytes).sum();
    }

    /** What the ring service is to know; empty when no ring is part of the reservoir. */
    Map<String, Object> rings() {
        var members = new HashMap<String, Object>();
        if (!own.isEmpty()) {
            members.put("deep", own.toArray(String[]::new));
            members.put("deep.seconds", seconds);
        }
        return members;
    }

    /** What the reservoir is to know. */
    Map<String, Object> log() {
        return logBytes == null ? Map.of() : Map.of("budget.bytes", logBytes);
    }
}
