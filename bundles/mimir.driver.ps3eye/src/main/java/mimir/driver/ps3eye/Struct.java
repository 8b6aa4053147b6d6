// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The structs of mimir_ps3eye.h as lists of their members, in order: each has eight bytes, but those whose name is
 * followed by a number of them. Immutable.
 */
final class Struct {
    static final Struct MODE = new Struct("width", "height", "rate_hz", "rate_mhz", "flags", "sensor_11", "sensor_0d",
            "bridge_e5");
    static final Struct RANGE = new Struct("control", "least", "most", "usual");
    static final Struct SETTING = new Struct("control", "value");
    static final Struct DEVICE = new Struct("bus", "ports", "address", "id", "device_class", "speed", "access",
            "camera", "controller:64", "serial:64", "product:64");
    static final Struct EVENT = new Struct("what", "host_time_ns", "bus", "ports", "address", "reserved");
    static final Struct STATUS = new Struct("tid", "items", "changes", "completions", "libusb", "hotplug",
            "lost_events", "plug_tid");
    static final Struct COUNTS = new Struct("state", "error", "starts", "in_flight", "frames", "short_frames",
            "oversize_frames", "damaged_frames", "torn_frames", "missing_frames", "unplugged_frames",
            "aborted_frames", "warmup_frames", "payloads", "error_payloads", "header_only", "bad_headers", "no_pts",
            "transfer_errors", "bytes", "start_ns", "first_frame_ns", "last_frame_ns", "pts", "pts_step", "gone_ns",
            "sensor", "address", "reserved:32");
    static final Struct CONFIG = new Struct("struct_bytes", "bus", "ports", "mode", "format_code", "format_id",
            "transfers", "transfer_bytes", "checksum", "force", "hang_on_stop", "reserved");

    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final long bytes;

    private Struct(String... members) {
        long at = 0;
        for (var member : members) {
            int colon = member.indexOf(':');
            offsets.put(colon < 0 ? member : member.substring(0, colon), at);
            at += colon < 0 ? Long.BYTES : Long.parseLong(member.substring(colon + 1));
        }
        bytes = at;
    }

    /** Size of one. */
    long bytes() {
        return bytes;
    }

    /** Names, in order. */
    List<String> members() {
        return List.copyOf(offsets.keySet());
    }

    long offset(String member) {
        return offsets.get(member);
    }

    /** A member; one that a native thread may write meanwhile comes whole. */
    long get(MemorySegment memory, String member) {
        return (long) WORD.getOpaque(memory, offset(member));
    }

    void put(MemorySegment memory, String member, long value) {
        memory.set(ValueLayout.JAVA_LONG, offset(member), value);
    }

    /** A member that is text, ended by NUL; bytes that are no UTF-8 are replaced. */
    String text(MemorySegment memory, String member) {
        long from = offset(member);
        long end = from;
        while (end < memory.byteSize() && memory.get(ValueLayout.JAVA_BYTE, end) != 0) {
            end++;
        }
        return new String(memory.asSlice(from, end - from).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8)
                .strip();
    }
}
