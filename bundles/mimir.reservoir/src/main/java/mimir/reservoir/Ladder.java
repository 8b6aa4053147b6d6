// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The entries of one source, each of which knows the one before it and one further back, so that a search from the
 * newest takes some two looks for each doubling of their number, whatever lies between them. The jumps are those of a
 * skew-binary list: an entry jumps over its predecessor's jump and the next one when these are of the same length, else
 * to its predecessor. Entries that go from the far end change nothing for the others. Single-writer (the ingest
 * thread).
 */
final class Ladder {
    /** {@link Records#before} of the very first entry. */
    static final long NOTHING = -1;
    private static final VarHandle NEWEST = newestField();

    private final ReservoirLog log;
    private long newest = NOTHING;

    Ladder(ReservoirLog log) {
        this.log = log;
    }

    private static VarHandle newestField() {
        try {
            return MethodHandles.lookup().findVarHandle(Ladder.class, "newest", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Writes the links of a record that is not published yet: the source's item of that ordinal. */
    void link(long record, long ordinal) {
        long before = newest;
        if (before < log.first()) { // there is none, or it has gone already
            log.records.link(record, before, before, ordinal);
            return;
        }
        long last = log.record(log.index.position(before));
        long jump = log.records.jump(last);
        long jumped = log.records.jumpOrdinal(last);
        if (jump >= log.first()) {
            long there = log.record(log.index.position(jump));
            long further = log.records.jumpOrdinal(there);
            if (ordinal - 1 - jumped == jumped - further) {
                log.records.link(record, before, log.records.jump(there), further);
                return;
            }
        }
        log.records.link(record, before, before, ordinal - 1);
    }

    /** The record was published as this entry. */
    void extend(long number) {
        NEWEST.setRelease(this, number);
    }

    /** Number of the newest entry, {@link #NOTHING} as long as there never was one; any thread. */
    long newest() {
        return (long) NEWEST.getAcquire(this);
    }
}
