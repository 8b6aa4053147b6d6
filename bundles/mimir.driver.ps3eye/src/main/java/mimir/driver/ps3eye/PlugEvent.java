// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.MemorySegment;

/** A camera came or went. Immutable. */
record PlugEvent(boolean arrived, Place place, long hostTimeNs) {
    private static final long ARRIVED = 1;

    /** From {@code mimir_ps3eye_event}. */
    static PlugEvent of(MemorySegment memory) {
        var struct = Struct.EVENT;
        return new PlugEvent(struct.get(memory, "what") == ARRIVED,
                new Place(struct.get(memory, "bus"), struct.get(memory, "ports")), struct.get(memory, "host_time_ns"));
    }
}
