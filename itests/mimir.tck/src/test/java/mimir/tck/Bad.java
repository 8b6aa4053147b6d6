// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.FrameView;

/** Analysers that do wrong, each in a way of its own. */
final class Bad {
    private Bad() {
    }

    private static int firstByte(Input input) {
        var frame = input.frame();
        return frame.memory().get(ValueLayout.JAVA_BYTE, frame.planeOffset(0)) & 0xff;
    }

    /** Allocates for each item. */
    @Analysis(name = "spender", outputs = Light.class)
    static final class Spender implements Analyzer {
        private Object last;

        @Override
        public void analyze(Input input, Attacher results) {
            last = new long[16];
            results.attach(Light.class).mean(firstByte(input));
        }
    }

    /** Keeps the view of a frame for the next one. */
    @Analysis(name = "keeper", outputs = Light.class)
    static final class Keeper implements Analyzer {
        private FrameView before;

        @Override
        public void analyze(Input input, Attacher results) {
            var light = results.attach(Light.class);
            light.mean(firstByte(input));
            light.change(before == null ? 0 : before.height());
            before = input.frame();
        }
    }

    /** Keeps memory in a list and never looks at it again. */
    @Analysis(name = "hoarder", outputs = Light.class)
    static final class Hoarder implements Analyzer {
        private final List<MemorySegment> rows = new ArrayList<>();

        @Override
        public void analyze(Input input, Attacher results) {
            rows.clear();
            rows.add(input.frame().memory());
            results.attach(Light.class).mean(firstByte(input));
        }
    }

    /** Keeps what it attached, where no field shows it, and changes it afterwards. */
    @Analysis(name = "reviser", outputs = Light.class)
    static final class Reviser implements Analyzer {
        private final ThreadLocal<Light> last = new ThreadLocal<>();

        @Override
        public void analyze(Input input, Attacher results) {
            if (last.get() != null) {
                last.get().change(1);
            }
            last.set(results.attach(Light.class));
        }
    }

    /** Takes longer than it said. */
    @Analysis(name = "sleeper", outputs = Light.class, budgetMicros = 1_000)
    static final class Sleeper implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            LockSupport.parkNanos(3_000_000);
            results.attach(Light.class).mean(firstByte(input));
        }
    }

    /** Attaches what it did not declare, and hides it. */
    @Analysis(name = "smuggler", outputs = Light.class)
    static final class Smuggler implements Analyzer {
        private int refused;

        @Override
        public void analyze(Input input, Attacher results) {
            try {
                results.attach(Loudness.class).peak(1);
            } catch (IllegalArgumentException expected) {
                refused++;
            }
            results.attach(Light.class).mean(refused);
        }
    }

    /** Always throws. */
    @Analysis(name = "thrower", outputs = Light.class)
    static final class Thrower implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            throw new ArithmeticException("no such luck");
        }
    }

    /** Needs the frame before, and has none at first. */
    @Analysis(name = "novice", outputs = Light.class)
    static final class Novice implements Analyzer {
        private Integer before;

        @Override
        public void analyze(Input input, Attacher results) {
            int now = firstByte(input);
            int past = before == null ? -1 : before;
            before = now;
            if (past < 0) {
                throw new IllegalStateException("no frame before");
            }
            results.attach(Light.class).change(now - past);
        }
    }

    /** Cannot stand missing items. */
    @Analysis(name = "pedant", outputs = Light.class)
    static final class Pedant implements Analyzer {
        private long next = -1;

        @Override
        public void begin(Stage stage) {
            next = -1;
        }

        @Override
        public void analyze(Input input, Attacher results) {
            long sequence = input.item().descriptor().sequence();
            if (next >= 0 && sequence != next) {
                throw new IllegalStateException("expected frame " + next);
            }
            next = sequence + 1;
            results.attach(Light.class).mean(firstByte(input));
        }
    }

    /** Takes sequences for ascending for ever. */
    @Analysis(name = "counter", outputs = Light.class)
    static final class Counter implements Analyzer {
        private long last = -1;

        @Override
        public void analyze(Input input, Attacher results) {
            long sequence = input.item().descriptor().sequence();
            if (sequence < last) {
                throw new IllegalStateException("time runs backwards");
            }
            last = sequence;
            results.attach(Light.class).mean(firstByte(input));
        }
    }

    /** Measures the first frame, and believes that all are as large. */
    @Analysis(name = "measurer", outputs = Light.class)
    static final class Measurer implements Analyzer {
        private byte[] before;

        @Override
        public void analyze(Input input, Attacher results) {
            var frame = input.frame();
            int bytes = frame.height() * frame.strideBytes(0);
            before = before == null ? new byte[bytes] : before;
            var memory = frame.memory();
            long from = frame.planeOffset(0);
            for (int at = 0; at < bytes; at++) {
                before[at] = memory.get(ValueLayout.JAVA_BYTE, from + at);
            }
            results.attach(Light.class).mean(before[0]);
        }
    }

    /** Lets an epoch shine into the next. */
    @Analysis(name = "dweller", outputs = Light.class)
    static final class Dweller implements Analyzer {
        private double before;

        @Override
        public void analyze(Input input, Attacher results) {
            int now = firstByte(input);
            results.attach(Light.class).change(now - before);
            before = now;
        }
    }

    /** Tells what time it is. */
    @Analysis(name = "gambler", outputs = Light.class)
    static final class Gambler implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            results.attach(Light.class).mean(System.nanoTime());
        }
    }

    /** Does not begin. */
    @Analysis(name = "refuser", outputs = Light.class)
    static final class Refuser implements Analyzer {
        @Override
        public void begin(Stage stage) {
            stage.number("threshold");
        }

        @Override
        public void analyze(Input input, Attacher results) {
            results.attach(Light.class);
        }
    }

    /** Does not end. */
    @Analysis(name = "clinger", outputs = Light.class)
    static final class Clinger implements Analyzer {
        private boolean begun;

        @Override
        public void begin(Stage stage) {
            begun = true;
        }

        @Override
        public void analyze(Input input, Attacher results) {
            results.attach(Light.class).mean(firstByte(input));
        }

        @Override
        public void close() {
            if (begun) {
                throw new IllegalStateException("not yet");
            }
        }
    }

    /** Keeps where it stands, and what it attached, in places of its own. */
    @Analysis(name = "collector", outputs = Light.class)
    static final class Collector implements Analyzer {
        private final AtomicReference<Stage> place = new AtomicReference<>();
        private final Object[] last = new Object[1];
        private Supplier<Object> item;

        @Override
        public void begin(Stage stage) {
            place.set(stage);
        }

        @Override
        public void analyze(Input input, Attacher results) {
            var now = input.item();
            item = () -> now;
            last[0] = results.attach(Light.class);
        }
    }

    /** Wants more room than it asked for. */
    @Analysis(name = "glutton", outputs = Light.class)
    static final class Glutton implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            results.attach(Light.class, 64);
        }
    }

    /** Declares nothing. */
    static final class Stranger implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            results.attach(Light.class);
        }
    }

    /** One of them, with what must be said of it. */
    record Case(Supplier<Analyzer> maker, String sentence) {
        @Override
        public String toString() {
            return maker.get().getClass().getSimpleName();
        }
    }

    static List<Case> all() {
        return List.of(new Case(Spender::new, "spender allocates 144 bytes for each item"),
                new Case(Keeper::new, "keeper keeps a FrameView in Keeper.before after analyze has returned"),
                new Case(Hoarder::new, "hoarder keeps a MemorySegment in Hoarder.rows after analyze has returned"),
                new Case(Reviser::new, "reviser uses something of an item, or of its result, after analyze has "),
                new Case(Sleeper::new, "for an item, half of them longer, and its budget is 1.000 ms"),
                new Case(Smuggler::new, "smuggler attaches mimir.tck.Loudness, which the outputs of its @Analysis do"),
                new Case(Thrower::new, "first at the first item: ArithmeticException (no such luck) at mimir.tck.Bad$"),
                new Case(Novice::new, "novice throws at 1 of 600 items, first at the first item: IllegalState"),
                new Case(Pedant::new, "pedant throws at the first item after 5 lost ones: IllegalStateException "),
                new Case(Counter::new, "counter throws at the first item of an epoch: IllegalStateException (time"),
                new Case(Measurer::new, "measurer throws at a change of format to 800x600: ArrayIndexOutOfBounds"),
                new Case(Dweller::new, "dweller carries something from one epoch into the next: result 1 after"),
                new Case(Gambler::new, "gambler gives other results for the same items when it runs again"),
                new Case(Refuser::new, "refuser cannot begin: it throws IllegalArgumentException (analyser refuser "
                        + "declares no parameter 'threshold'; add it to its @Analysis)"),
                new Case(Clinger::new, "analyser clinger could not be closed cleanly: not yet"),
                new Case(Collector::new, "collector keeps a Stage in Collector.place after"),
                new Case(Collector::new, "collector keeps a Light in Collector.last after"),
                new Case(Collector::new, "collector keeps an Item in "),
                new Case(Glutton::new, "IllegalArgumentException (a tail of tck.light@1 has 64 bytes, tail"),
                new Case(Stranger::new, "has no annotation @Analysis; add one"));
    }
}
