// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Window.State;
import mimir.api.reservoir.Windows;
import mimir.api.work.Worker;

/**
 * All windows, each with a pin of its own, and what becomes of them as time goes on. It looks at instants and bytes
 * only. Thread-safe; {@link #run} belongs to a worker.
 */
final class WindowBook implements Windows {
    static final int MOST_KEPT = 64;
    private static final int MOST_ENDED = 32;
    /** Items are published so much after their host time, at most: a frame has that of its first byte. */
    private static final long LATE_NS = 100_000_000;
    private static final long MOST_LATE_NS = 5_000_000_000L;
    private static final long LOOK_NS = 250_000_000;
    private static final long RATE_NS = 2_000_000_000;
    private static final long LEAST_RATE_NS = 100_000_000;
    private static final String NAME_SHAPE = "[A-Za-z0-9][A-Za-z0-9._-]{0,39}";

    private final ReservoirLog log;
    private final Pins pins;
    private final LongSupplier nowNs;
    private final List<Kept> windows = new ArrayList<>(); // in order of opening; guarded by this
    private int number;                                   // guarded by this
    private volatile Worker attendant;

    WindowBook(ReservoirLog log, Pins pins, LongSupplier nowNs) {
        this.log = log;
        this.pins = pins;
        this.nowNs = nowNs;
    }

    @Override
    public synchronized Window open(Request request) {
        long now = nowNs.getAsLong();
        check(request, now);
        var window = new Kept(name(request), request);
        var refusal = refusal(window, now);
        if (refusal != null) {
            window.end(State.REFUSED, refusal);
        }
        windows.add(window);
        forget();
        measure(window);
        wake();
        return window.look();
    }

    private void wake() {
        if (attendant != null) {
            attendant.wake();
        }
    }

    private void check(Request request, long now) {
        if (request.preNs() < 0 || request.postNs() < 0 || request.preNs() + request.postNs() <= 0
                || request.holdNs() <= 0 || request.triggerNs() > now) {
            throw new BadInputException("a window needs some time before or after an instant that has come, and some"
                    + " time to be kept: " + request);
        }
        if (!request.name().isEmpty() && !request.name().matches(NAME_SHAPE)) {
            throw new BadInputException("a window cannot be called '" + request.name() + "': give up to 40 letters,"
                    + " digits, dots, dashes and underscores, a letter or a digit first");
        }
        if (kept(request.name()).isPresent()) {
            throw new BadInputException("a window " + request.name()
                    + " is kept already; release it first or give another name");
        }
    }

    private String name(Request request) {
        if (!request.name().isEmpty()) {
            return request.name();
        }
        do {
            number++;
        } while (kept("w" + number).isPresent());
        return "w" + number;
    }

    /** Pins it; says why that cannot be, or null. */
    private String refusal(Kept window, long now) {
        if (windows.stream().filter(Kept::kept).count() >= MOST_KEPT) {
            return MOST_KEPT + " windows are kept already; release some of them";
        }
        try {
            window.pin = pins.pin(window.fromNs);
        } catch (BadInputException cannotBe) {
            return cannotBe.getMessage();
        }
        return excess(window, now);
    }

    /** Why the window is too much, as the present rates go on; null when there is room for it. */
    private String excess(Kept window, long now) {
        long most = log.capacityBytes() / 4 * 3;
        long latest = windows.stream().filter(other -> other.state == State.FILLING).mapToLong(other -> other.toNs)
                .max().orElse(Long.MIN_VALUE);
        double rate = bytesPerNs();
        double all = pins.bytes() + rate * Math.max(0, Math.max(latest, window.toNs) - now);
        if (all <= most) {
            return null;
        }
        double alone = log.bytesFrom(log.search(window.fromNs)) + rate * Math.max(0, window.toNs - now);
        var limit = " MiB, but at most three quarters of the reservoir's log, " + (most >> 20)
                + " MiB, can be pinned; ";
        if (alone > most) {
            return "the window would hold " + ((long) alone >> 20) + limit
                    + "ask for a shorter one or give the reservoir more";
        }
        var others = windows.stream().filter(Kept::kept).map(other -> other.name).filter(name ->
                !name.equals(window.name)).collect(Collectors.joining(", "));
        return "with all that is kept back already, since the earliest of the others, it would be "
                + ((long) all >> 20) + limit + (others.isEmpty() ? "wait for the export that runs"
                : "release one of " + others);
    }

    /** What came in the last two seconds. */
    private double bytesPerNs() {
        long end = log.end();
        if (end == 0) {
            return 0;
        }
        long newest = log.index.key(end - 1);
        long first = log.search(newest - RATE_NS);
        long span = first < end ? newest - log.index.key(first) : 0;
        return span < LEAST_RATE_NS ? 0 : (double) log.bytesFrom(first) / span;
    }

    private void measure(Kept window) {
        if (window.pin != null) {
            window.bytes = log.bytesBetween(log.search(window.fromNs), log.search(window.toNs));
        }
    }

    private void forget() {
        long over = windows.stream().filter(window -> !window.kept()).count() - MOST_ENDED;
        var ended = windows.iterator();
        while (over > 0 && ended.hasNext()) {
            var window = ended.next();
            if (!window.kept() && window.pin == null) {
                ended.remove();
                over--;
            }
        }
    }

    private Optional<Kept> kept(String name) {
        return windows.stream().filter(window -> window.kept() && window.name.equals(name)).findFirst();
    }

    @Override
    public synchronized List<Window> list() {
        windows.stream().filter(window -> window.state == State.FILLING).forEach(this::measure);
        return windows.stream().map(Kept::look).toList();
    }

    @Override
    public synchronized Optional<Window> find(String name) {
        return list().reversed().stream().filter(window -> window.name().equals(name)).findFirst();
    }

    @Override
    public synchronized Reservoir.Pin use(String name) {
        var window = kept(name).orElseThrow(() -> new BadInputException(missing(name)));
        window.users++;
        window.untilNs = Long.MAX_VALUE;
        return new Use(window);
    }

    private String missing(String name) {
        var ended = find(name);
        if (ended.isPresent()) {
            return "window " + name + " is no longer kept: " + ended.get().reason();
        }
        var names = windows.stream().filter(Kept::kept).map(window -> window.name).collect(Collectors.joining(", "));
        return "there is no window '" + name + "'; " + (names.isEmpty() ? "none is kept" : "there are " + names);
    }

    @Override
    public synchronized boolean release(String name, String reason) {
        var window = kept(name);
        window.ifPresent(found -> {
            measure(found);
            found.end(State.RELEASED, reason);
        });
        forget();
        return window.isPresent();
    }

    // ---- the worker ----

    /** Goes on until the worker stops. {@code drain} waits until what was published before is in, or for a while. */
    void run(Worker self, BooleanSupplier drain) {
        attendant = self;
        while (!self.stopping()) {
            long now = nowNs.getAsLong();
            boolean in = anyEnded(now) && drain.getAsBoolean();
            long due = step(now, in);
            self.pause(due == Long.MAX_VALUE ? due : Math.max(1_000_000, due - nowNs.getAsLong()));
        }
    }

    synchronized boolean anyEnded(long now) {
        return windows.stream().anyMatch(window -> window.state == State.FILLING && window.toNs + LATE_NS <= now);
    }

    /**
     * Moves every window on.
     *
     * @param in everything is in that was published up to {@code now}
     * @return when to look again
     */
    synchronized long step(long now, boolean in) {
        long due = Long.MAX_VALUE;
        for (var window : windows) {
            if (window.state == State.FILLING) {
                fill(window, now, in);
            } else if (window.kept() && window.untilNs <= now) {
                window.end(State.RELEASED, "nobody used it within the time that it was to be kept");
            }
            due = Math.min(due, window.state == State.FILLING ? Math.min(now + LOOK_NS,
                    Math.max(window.toNs + LATE_NS, now)) : window.untilNs);
        }
        forget();
        return due;
    }

    private void fill(Kept window, long now, boolean in) {
        measure(window);
        long most = log.capacityBytes() / 4 * 3;
        if (window.bytes > most) {
            window.end(State.REFUSED, "it has grown to " + (window.bytes >> 20) + " MiB before its end, but at most"
                    + " three quarters of the reservoir's log, " + (most >> 20)
                    + " MiB, can be pinned; ask for a shorter one or give the reservoir more");
        } else if (window.toNs + LATE_NS <= now && (in || window.toNs + MOST_LATE_NS <= now)) {
            window.complete(now);
        }
    }

    /** Somebody reads the window. Thread-safe. */
    private final class Use implements Reservoir.Pin {
        private final Kept window;
        private boolean over; // guarded by the book

        Use(Kept window) {
            this.window = window;
        }

        @Override
        public void close() {
            synchronized (WindowBook.this) {
                if (!over) {
                    over = true;
                    window.users--;
                    window.restart(nowNs.getAsLong());
                    window.unpin();
                    wake();
                }
            }
        }
    }
}
