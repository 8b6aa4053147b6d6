// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import mimir.ring.Descriptor;

/**
 * What stands in the log of each item, 64-byte aligned. The payload follows, or it is apart: in the ring that it was
 * written to, or in a place of the log where it was copied to later. Single-writer; who reads asks
 * {@link ReservoirLog#holds} afterwards.
 *
 * <pre>
 *   descriptor 128 | payload bytes 8 | format 4 | home 4 | entry before 8 | entry further back 8 | its ordinal 8 |
 *   payload's place in the log 8 | bytes apart before it 8 | -- 8 | payload
 * </pre>
 */
final class Records {
    static final int HEADER = 192;
    /** {@link #home}: the payload is in the log, at {@link #payload}. */
    static final int LOG = 0;
    /** {@link #home}: the payload was overwritten where it was. Above {@link #LOG}: a number in {@link Holds}. */
    static final int GONE = -1;

    private static final long AT_BYTES = Descriptor.BYTES;
    private static final long AT_FORMAT = AT_BYTES + 8;
    private static final long AT_HOME = AT_FORMAT + 4;
    private static final long AT_BEFORE = AT_BYTES + 16;
    private static final long AT_JUMP = AT_BYTES + 24;
    private static final long AT_JUMP_ORDINAL = AT_BYTES + 32;
    private static final long AT_PAYLOAD = AT_BYTES + 40;
    private static final long AT_APART = AT_BYTES + 48;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final VarHandle HOME = INT.varHandle();

    private final MemorySegment memory;

    Records(MemorySegment memory) {
        this.memory = memory;
    }

    /** Bytes that a payload takes in the log. */
    static long aligned(long payloadBytes) {
        return payloadBytes + 63 & -64;
    }

    // ---- the writer ----

    /** Everything but descriptor and links. */
    void write(long record, long payloadBytes, int format, int home) {
        memory.set(LONG, record + AT_BYTES, payloadBytes);
        memory.set(INT, record + AT_FORMAT, format);
        memory.set(LONG, record + AT_PAYLOAD, home == LOG ? record + HEADER : 0);
        memory.set(INT, record + AT_HOME, home);
    }

    /** Writes what the {@link Ladder} of its source says of a record. */
    void link(long record, long before, long jump, long jumpOrdinal) {
        memory.set(LONG, record + AT_BEFORE, before);
        memory.set(LONG, record + AT_JUMP, jump);
        memory.set(LONG, record + AT_JUMP_ORDINAL, jumpOrdinal);
    }

    /** See {@link #apartBefore}. */
    void apartBefore(long record, long bytes) {
        memory.set(LONG, record + AT_APART, bytes);
    }

    /** The payload of a published record has been copied into the log. */
    void moved(long record, long payload) {
        memory.set(LONG, record + AT_PAYLOAD, payload);
        HOME.setRelease(memory, record + AT_HOME, LOG);
    }

    /** The payload of a published record has been overwritten. */
    void gone(long record) {
        HOME.setRelease(memory, record + AT_HOME, GONE);
    }

    // ---- readers ----

    long payloadBytes(long record) {
        return memory.get(LONG, record + AT_BYTES);
    }

    /** Number in the list of its source. */
    int format(long record) {
        return memory.get(INT, record + AT_FORMAT);
    }

    /** Where the payload is now: {@link #LOG}, {@link #GONE} or a ring. */
    int home(long record) {
        return (int) HOME.getAcquire(memory, record + AT_HOME);
    }

    /** Offset in the log of a payload that is there; ask for the {@link #home} first. */
    long payload(long record) {
        return memory.get(LONG, record + AT_PAYLOAD);
    }

    /** Entry of the item before it of the same source; see {@link Ladder}. */
    long before(long record) {
        return memory.get(LONG, record + AT_BEFORE);
    }

    /** Entry of an item further back of the same source. */
    long jump(long record) {
        return memory.get(LONG, record + AT_JUMP);
    }

    /** Ordinal of that item. */
    long jumpOrdinal(long record) {
        return memory.get(LONG, record + AT_JUMP_ORDINAL);
    }

    /**
     * Bytes of payload that lie, or lay, apart of all records before this one, less those copies of them that stand in
     * the log before it: a difference of two tells how much more than the log between them belongs to the items there.
     */
    long apartBefore(long record) {
        return memory.get(LONG, record + AT_APART);
    }

    /** Bytes of its payload that do not follow it. */
    long apart(long record) {
        return payload(record) == record + HEADER ? 0 : aligned(payloadBytes(record));
    }

    /** Bytes of the log from its begin to its end. */
    long bytes(long record) {
        return HEADER + aligned(payloadBytes(record)) - apart(record);
    }
}
