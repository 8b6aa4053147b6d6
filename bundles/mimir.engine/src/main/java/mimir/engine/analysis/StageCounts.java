// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What a stage did. Single-writer: its strand; any thread may read. */
final class StageCounts {
    private static final VarHandle ITEMS = field("items");
    private static final VarHandle ANSWERS = field("answers");
    private static final VarHandle RESULTS = field("results");
    private static final VarHandle LATE = field("late");
    private static final VarHandle FAILURES = field("failures");
    private static final VarHandle MISSES = field("misses");
    private static final VarHandle GIVEN_UP = field("givenUp");
    private static final VarHandle TRIED = field("tried");
    private static final VarHandle TRIED_MISSES = field("triedMisses");

    private long items;
    private long answers;
    private long results;
    private long late;
    private long failures;
    private long misses;
    private long givenUp;
    private long tried;
    private long triedMisses;

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(StageCounts.class, name, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    void item() {
        ITEMS.setOpaque(this, items + 1);
    }

    /** An item was looked at to the end, and has whatever results it was meant to have: often one, sometimes none. */
    void answer() {
        ANSWERS.setOpaque(this, answers + 1);
    }

    void result(boolean isLate) {
        RESULTS.setOpaque(this, results + 1);
        LATE.setOpaque(this, late + (isLate ? 1 : 0));
    }

    void failure() {
        FAILURES.setOpaque(this, failures + 1);
    }

    /** The look at an item ended after its deadline, and not on trial. */
    void miss() {
        MISSES.setOpaque(this, misses + 1);
    }

    /** An item was looked at on trial. */
    void tried(boolean missed) {
        TRIED.setOpaque(this, tried + 1);
        TRIED_MISSES.setOpaque(this, triedMisses + (missed ? 1 : 0));
    }

    long tried() {
        return (long) TRIED.getOpaque(this);
    }

    long triedMisses() {
        return (long) TRIED_MISSES.getOpaque(this);
    }

    /** There will be no answer to an item, although it was there to the end. */
    void giveUp() {
        GIVEN_UP.setOpaque(this, givenUp + 1);
    }

    long givenUp() {
        return (long) GIVEN_UP.getOpaque(this);
    }

    long items() {
        return (long) ITEMS.getOpaque(this);
    }

    long answers() {
        return (long) ANSWERS.getOpaque(this);
    }

    long results() {
        return (long) RESULTS.getOpaque(this);
    }

    long late() {
        return (long) LATE.getOpaque(this);
    }

    long failures() {
        return (long) FAILURES.getOpaque(this);
    }

    long misses() {
        return (long) MISSES.getOpaque(this);
    }
}
