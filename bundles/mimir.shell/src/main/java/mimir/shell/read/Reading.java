// SPDX-License-Identifier: Apache-2.0
package mimir.shell.read;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mimir.api.BadInputException;
import mimir.ring.Ending;
import mimir.ring.ForeignRing;
import mimir.ring.ForeignRings;
import mimir.ring.Profile;
import mimir.ring.RingException;
import mimir.ring.RingReader;
import mimir.ring.RingStats;
import mimir.ring.Start;
import mimir.shell.command.Column;
import mimir.shell.command.Listing;
import mimir.shell.line.CommandLineParser;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;

/**
 * {@code ./mimir read [RING]}: reads a ring of a running platform in place and tells every second what came. It runs in
 * a process of its own, without a framework and without threads of its own. {@link #run} is confined to the main
 * thread; {@link #stop} may come from any.
 */
public final class Reading {
    private static final int DONE = 0;
    private static final int FAILURE = 1;
    private static final int USAGE = 2;
    private static final long SECOND_NS = 1_000_000_000;
    private static final long PATIENCE_MS = 1_000;
    private static final Listing<RingStats> RINGS = new Listing<>(
            Column.of("RING", "id", RingStats::identity), Column.of("ITEMS", "items", Telling::kind),
            Column.of("STATE", "state", RingStats::stateLabel), Column.of("WRITTEN BY", "writer", RingStats::owner),
            Column.of("EPOCH", "epoch", RingStats::epoch), Column.of("SLOTS", "slots", RingStats::slotCount),
            Column.bytes("MiB", "bytes", RingStats::regionBytes),
            Column.of("PUBLISHED", "published", RingStats::published));

    private final List<String> words;
    private final PrintStream out;
    private final PrintStream err;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile RingReader reader;

    /** With the words after {@code read}. */
    public Reading(List<String> words, PrintStream out, PrintStream err) {
        this.words = List.copyOf(words);
        this.out = out;
        this.err = err;
    }

    /** Reads until the time is over, the ring has ended or {@link #stop}; returns the exit code. Blocks. */
    public int run() {
        try {
            if (words.contains("--help") || words.contains("-h")) {
                out.print(help());
                return DONE;
            }
            if (!"Linux".equals(System.getProperty("os.name"))) {
                throw new RingException("read works on Linux only: elsewhere no platform publishes its rings yet");
            }
            var given = CommandLineParser.READ.parse(words);
            var total = given.has("--for") ? Durations.parse("--for", given.value("--for", "")) : null;
            var rings = new ForeignRings();
            return given.arguments().isEmpty() ? list(rings, given) : read(rings, given, total);
        } catch (BadInputException usage) {
            err.println(usage.getMessage());
            return USAGE;
        } catch (RingException | IOException failure) {
            err.println(failure.getMessage());
            return FAILURE;
        } finally {
            over.countDown();
        }
    }

    private static String help() {
        var text = new StringBuilder("./mimir " + CommandLineParser.READ.usage() + "\n    "
                + CommandLineParser.READ.summary() + "\n\n");
        CommandLineParser.READ.options().forEach(option -> text.append("  %-16s %s%n".formatted(option.shape(),
                option.about())));
        return text.toString();
    }

    /** Ends {@link #run} and waits until it has told its totals. Any thread; blocks for a second at most. */
    public void stop() {
        stopped = true;
        var open = reader;
        if (open != null) {
            open.wake();
        }
        try {
            over.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException goingDown) {
            Thread.currentThread().interrupt();
        }
    }

    private int list(ForeignRings rings, Given given) throws IOException {
        var all = rings.list();
        if (given.has("--json")) {
            out.println(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(RINGS.values(all)));
        } else if (!all.isEmpty()) {
            out.print(RINGS.table(all));
        }
        if (all.isEmpty()) {
            rings.names().stream().findFirst().ifPresent(name -> rings.open(name).close()); // which says why not
            throw new RingException(nothing(rings));
        }
        return DONE;
    }

    private static String nothing(ForeignRings rings) {
        return "no ring of this user is published in " + rings.folder()
                + "; start a platform first, such as ./mimir run";
    }

    private int read(ForeignRings rings, Given given, Duration total) {
        var name = given.arguments().getFirst();
        var names = rings.names();
        if (names.isEmpty()) {
            throw new RingException(nothing(rings));
        }
        if (!names.contains(name)) {
            throw new BadInputException("there is no ring '" + name + "'; there are "
                    + String.join(", ", names));
        }
        try (var ring = rings.open(name); var opened = ring.reader("read", Profile.EVERY, Start.NOW)) {
            reader = opened;
            return read(ring, opened, given, total);
        } finally {
            reader = null;
        }
    }

    private int read(ForeignRing ring, RingReader from, Given given, Duration total) {
        boolean sameClock = ring.sameHostClock();
        boolean verify = given.has("--verify");
        var telling = new Telling(out, given.has("--json"), ring);
        telling.begin(ring.stats());
        var all = new Tally();
        var second = new Tally();
        long begin = System.nanoTime();
        long end = total == null ? Long.MAX_VALUE : total.toNanos();
        long told = 0;
        long now = 0;
        for (boolean more = true; more && !stopped && now < end; now = System.nanoTime() - begin) {
            if (now - told >= SECOND_NS) {
                telling.second(now / 1e9, (now - told) / 1e9, second, from.stats());
                all.add(second);
                second = second.next();
                told = now;
            }
            var lease = from.next();
            if (lease != null) {
                second.take(lease, verify, sameClock);
            } else {
                more = !over(ring, from);
                from.await(more ? Math.min(told + SECOND_NS, end) - now : 0);
            }
        }
        if (second.items > 0) {
            telling.second(now / 1e9, (now - told) / 1e9, second, from.stats());
        }
        all.add(second);
        telling.total(now / 1e9, all, from.stats());
        return outcome(ring, from, all);
    }

    /** A ring that ended may come to life again, as in a swap, while its platform lives. */
    private static boolean over(ForeignRing ring, RingReader from) {
        return switch (from.ending()) {
            case NOT_YET -> false;
            case ENDED -> ring.writerGone();
            case WRITER_GONE, BROKEN -> true;
        };
    }

    private int outcome(ForeignRing ring, RingReader from, Tally all) {
        var ending = from.ending();
        if (ending == Ending.WRITER_GONE) {
            err.println("the writer of " + ring.identity() + ", process " + ring.writerPid()
                    + ", is gone without ending its ring; what it had committed was read");
        }
        if (ending == Ending.BROKEN) {
            err.println("the memory of " + ring.identity()
                    + " was cut or overwritten by somebody; start its source anew");
        }
        boolean bad = ending == Ending.WRITER_GONE || ending == Ending.BROKEN || all.wrong > 0
                || !from.stats().conserved();
        return bad ? FAILURE : DONE;
    }
}
