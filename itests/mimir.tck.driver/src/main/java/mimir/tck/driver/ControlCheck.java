// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import mimir.api.BadInputException;
import mimir.api.source.Control;
import mimir.api.source.Controls;
import mimir.api.source.Driver;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.time.TruthSource;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.ring.Profile;
import mimir.ring.Start;

/** Control threads and readers do not meet. Immutable. */
final class ControlCheck implements Check {
    private static final int RESTARTS = 3;
    private static final int CALLS = 5_000; // so often as everything else is done once
    private static final Duration MOST_A_CALL = Duration.ofMillis(5); // in the mean, over both threads
    private static final long LONG_NS = 300_000_000;
    private static final long LOOK_NS = 5_000_000;
    private static final Duration JOIN = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "control";
    }

    @Override
    public String property() {
        return "Control from several threads at once, while items are read, harms neither an item nor a call.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(4 + RESTARTS).plus(MOST_A_CALL.multipliedBy((long) CALLS * effort.count()));
    }

    @Override
    public String look(Stand stand) {
        try (var opened = stand.openSteady()) {
            opened.followers().forEach(follower -> follower.take(1, stand.effort().patience()));
            var calls = new Calls(stand, opened);
            try (var watch = new Watch(stand.platform().workers(), opened.followers())) {
                calls.begin();
                long least = (long) CALLS * stand.effort().count();
                for (int i = 1; i <= RESTARTS; i++) {
                    await(stand, watch, calls, least * i / (RESTARTS + 1));
                    opened.restart();
                }
                await(stand, watch, calls, least);
                calls.end();
                watch.check();
            } finally {
                calls.end();
            }
            calls.check();
            return String.format(Locale.ROOT, "%d calls from two threads and %d restarts beside %d items that were "
                    + "read; the longest call took %.1f ms", calls.done.get(), RESTARTS, opened.followers().stream()
                    .mapToLong(follower -> follower.reader().stats().delivered()).sum(), calls.longestNs.get() / 1e6);
        }
    }

    /** Lets it all go on until so many calls are done, for a while at least, and for one item. */
    private static void await(Stand stand, Watch watch, Calls calls, long least) {
        long begin = System.nanoTime();
        long lastItem = begin;
        long first = watch.items();
        long items = first;
        while (calls.done.get() < least || items == first || System.nanoTime() - begin < LONG_NS / RESTARTS) {
            watch.check();
            calls.check();
            if (watch.items() != items) {
                items = watch.items();
                lastItem = System.nanoTime();
            } else if (System.nanoTime() - lastItem > stand.effort().patience().toNanos()) {
                throw new Shortfall("no item came for " + stand.effort().patience().toMillis() + " ms beside calls of "
                        + "control threads; let none of them hold what the device needs");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Calls of control threads, without pause. Thread-safe. */
    private static final class Calls {
        private final Stand stand;
        private final Opened opened;
        private final List<Worker> workers = new ArrayList<>();
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong longestNs = new AtomicLong();
        private final AtomicReference<Shortfall> fault = new AtomicReference<>();

        Calls(Stand stand, Opened opened) {
            this.stand = stand;
            this.opened = opened;
        }

        void begin() {
            var driver = stand.service();
            call("tck plans", () -> {
                timed("plan", () -> plan(driver));
                timed("a reader that comes and goes", this::reader);
            });
            call("tck settings", () -> {
                timed("plan", () -> plan(driver));
                timed("a look at its source", this::source);
                timed("a setting", this::controls);
            });
        }

        private void call(String name, Runnable calls) {
            workers.add(stand.platform().workers().start(name, WorkClass.NORMAL, false, self -> {
                while (!self.stopping() && fault.get() == null) {
                    calls.run();
                }
            }));
        }

        private void timed(String what, Runnable call) {
            long begin = System.nanoTime();
            try {
                call.run();
            } catch (RuntimeException thrown) {
                fault.compareAndSet(null, new Shortfall(what + " throws " + thrown + " while the device runs; let "
                        + "every method be called from any thread"));
            }
            longestNs.accumulateAndGet(System.nanoTime() - begin, Math::max);
            done.incrementAndGet();
        }

        private void plan(Driver driver) {
            for (var mode : stand.plan().modes()) {
                driver.plan(mode.device().members());
            }
            for (var entry : stand.plan().impossible()) {
                try {
                    driver.plan(entry.members());
                } catch (BadInputException refused) {
                    longestNs.accumulateAndGet(0, Math::max); // as it must be
                }
            }
        }

        private String filter() {
            return "(" + SourceProperties.ID + "=" + opened.id() + ")";
        }

        /** Between two incarnations there is none. */
        private void source() {
            var context = stand.platform().context();
            stand.platform().reference(Source.class, filter()).map(context::getService)
                    .ifPresent(source -> {
                        source.format();
                        source.device();
                        source.ring().stats();
                    });
            stand.platform().reference(TruthSource.class, filter())
                    .map(context::getService).ifPresent(truth -> truth.trueNs(1, 0));
        }

        /** Every control is set to its ends and back, and says each time what it was set to. */
        private void controls() {
            var reference = stand.platform().reference(Controls.class, filter());
            var controls = reference.map(stand.platform().context()::getService).orElse(null);
            if (controls == null) {
                return; // it has none, or is between two incarnations
            }
            try {
                controls.read().forEach(control -> {
                    values(control).forEach(value -> set(controls, control.name(), value));
                    refuses(controls, control.name());
                });
            } catch (IllegalStateException gone) {
                if (stand.platform().reference(Controls.class, filter()).equals(reference)) {
                    throw gone;
                }
            }
        }

        private static List<Object> values(Control control) {
            return switch (control.type()) {
                case FLAG -> List.of(true, false, control.value());
                case WHOLE -> List.of((long) control.least(), (long) control.most(), control.value());
                case NUMBER -> List.of(control.least(), control.most(), control.value());
                case CHOICE -> List.of(control.choices().getLast(), control.value());
            };
        }

        private static void set(Controls controls, String name, Object value) {
            controls.write(Map.of(name, value));
            var now = controls.read().stream().filter(one -> one.name().equals(name)).map(Control::value).findFirst();
            if (!now.equals(Optional.of(value))) {
                throw new IllegalStateException(name + " was set to " + value + " and says " + now.orElse(null));
            }
        }

        private static void refuses(Controls controls, String name) {
            try {
                controls.write(Map.of(name, List.of()));
            } catch (BadInputException refused) {
                return;
            }
            throw new IllegalStateException(name + " takes any value");
        }

        private void reader() {
            var ring = opened.follower().ring();
            try (var reader = ring.reader("tck passing", Profile.LATEST, Start.OLDEST)) {
                var lease = reader.next();
                if (lease != null) {
                    lease.close();
                }
            }
        }

        void end() {
            workers.forEach(worker -> worker.stop(JOIN));
            workers.clear();
        }

        void check() {
            if (fault.get() != null) {
                throw fault.get();
            }
        }
    }
}
