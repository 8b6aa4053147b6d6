// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;

/**
 * What a rig says of its reservoir ({@code reservoir}). Immutable.
 *
 * @param bytes its budget, or null for its default
 * @param own identities of the devices whose rings are part of it
 */
record RigReservoir(Long bytes, List<String> own) {
    private static final long LEAST = 16 << 20;
    private static final String BUDGET = "budget";

    /**
     * What was given wins over what the rig says, which is checked nevertheless.
     *
     * @param reservoir the object, or null when there is none
     */
    static RigReservoir read(RigText text, Members reservoir, Variables given) {
        Long bytes = null;
        List<String> own = List.of();
        if (reservoir != null) {
            bytes = reservoir.whole("bytes");
            own = reservoir.texts("own").stream().distinct().toList();
            reservoir.end("reservoir");
            check(text, "reservoir.bytes", bytes);
        }
        var budget = given.everywhere(BUDGET);
        if (budget != null) {
            bytes = bytes(budget);
            check(text, "--budget", bytes);
        }
        return new RigReservoir(bytes, own);
    }

    private static long bytes(String budget) {
        try {
            return Long.parseLong(budget);
        } catch (NumberFormatException noNumber) {
            throw new BadInputException("--budget cannot be '" + budget + "': give a number of bytes");
        }
    }

    private static void check(RigText text, String place, long bytes) {
        long machine = RigSpec.machineBytes();
        if (bytes < LEAST) {
            throw text.fault(place, "is " + bytes + ", but at least 16777216 is needed; give more");
        }
        if (bytes > machine) {
            throw text.fault(place, "is " + bytes + ", but this machine has " + machine + "; give less");
        }
    }

    /** As they are written in a rig; empty when it says nothing. */
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        if (bytes != null) {
            members.put("bytes", bytes);
        }
        if (!own.isEmpty()) {
            members.put("own", own);
        }
        return members;
    }
}
