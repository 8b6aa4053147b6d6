// SPDX-License-Identifier: Apache-2.0
package mimir.shell.read;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import mimir.ring.Abi;
import mimir.ring.ForeignRing;
import mimir.ring.ReaderStats;
import mimir.ring.RingStats;
import mimir.shell.command.Column;

/** Says what was read, for people or one JSON object a line. Confined. */
final class Telling {
    private static final String HEADER =
            "  ITEMS/s    SEQUENCE  EPOCH  DROPPED  OVERTAKEN  TORN  BAD   P50 us   P99 us  STATE";

    private final PrintStream out;
    private final boolean json;
    private final ForeignRing ring;
    private final long droppedBefore;
    private final long pid;

    Telling(PrintStream out, boolean json, ForeignRing ring) {
        this.out = out;
        this.json = json;
        this.ring = ring;
        droppedBefore = dropped(ring.stats());
        pid = ring.writerPid();
    }

    void begin(RingStats stats) {
        if (!json) {
            out.printf(Locale.ROOT, "%s: %s, %d slots, %s MiB, written by %s; read in place: %d hop, shared%n",
                    stats.identity(), kind(stats), stats.slotCount(), Column.mib(stats.regionBytes()), stats.owner(),
                    ring.hops());
            out.println(HEADER);
        }
    }

    static String kind(RingStats stats) {
        var format = stats.formats().isEmpty() ? null : stats.formats().getLast();
        return switch (stats.itemKind()) {
            case Abi.ITEM_FRAME -> format == null ? "frames" : "frames " + format.width() + "x" + format.height();
            case Abi.ITEM_AUDIO -> format == null ? "audio" : "audio of " + format.width() + " channels";
            case Abi.ITEM_RESULT -> format == null ? "results" : "results of " + format.payloadBytes() + " bytes";
            default -> "events";
        };
    }

    void second(double atS, double seconds, Tally tally, ReaderStats reader) {
        var stats = ring.stats();
        if (json) {
            var values = values(tally, reader, stats);
            values.putFirst("atS", atS);
            values.put("itemsPerS", tally.items / seconds);
            line(values);
        } else {
            out.printf(Locale.ROOT, "%9.2f %11d %6d %8d %10d %5d %4d %8s %8s  %s%n", tally.items / seconds,
                    tally.lastSequence, tally.epoch, dropped(stats) - droppedBefore, reader.overtaken(), reader.torn(),
                    tally.wrong, us(tally, 0.5), us(tally, 0.99), stats.stateLabel());
        }
        out.flush();
    }

    void total(double seconds, Tally tally, ReaderStats reader) {
        var stats = ring.stats();
        if (json) {
            var values = values(tally, reader, stats);
            values.putFirst("total", true);
            values.put("seconds", seconds);
            values.put("itemsPerS", tally.items / seconds);
            values.put("firstSequence", tally.firstSequence);
            values.put("checked", tally.checked);
            values.put("conserved", reader.conserved());
            values.put("bytesRead", tally.bytes);
            values.put("bytesCopied", reader.bytesCopied());
            values.put("route", "shared");
            values.put("hops", ring.hops());
            values.put("writerPid", pid);
            line(values);
        } else {
            out.printf(Locale.ROOT, "%d items in %.2f s, sequence %d to %d; %d dropped at the source, %d overtaken, "
                    + "%d torn, %d wrong checksums%s; latency p50 %s us, p99 %s us; %s MiB read in place; %s%n",
                    tally.items, seconds, tally.firstSequence, tally.lastSequence, dropped(stats) - droppedBefore,
                    reader.overtaken(), reader.torn(), tally.wrong,
                    tally.checked == 0 ? "" : " of " + tally.checked + " checked",
                    us(tally, 0.5), us(tally, 0.99), Column.mib(tally.bytes), stats.stateLabel());
        }
        out.flush();
    }

    private LinkedHashMap<String, Object> values(Tally tally, ReaderStats reader, RingStats stats) {
        var values = new LinkedHashMap<String, Object>();
        values.put("ring", ring.identity());
        values.put("items", tally.items);
        values.put("sequence", tally.lastSequence);
        values.put("epoch", tally.epoch);
        values.put("droppedAtSource", dropped(stats) - droppedBefore);
        values.put("overtaken", reader.overtaken());
        values.put("torn", reader.torn());
        values.put("wrongChecksums", tally.wrong);
        values.put("p50Us", tally.latencies.quantileUs(0.5));
        values.put("p99Us", tally.latencies.quantileUs(0.99));
        values.put("state", stats.stateLabel());
        return values;
    }

    private void line(Map<String, Object> values) {
        try {
            out.println(JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(values));
        } catch (IOException e) {
            throw new UncheckedIOException("what was read cannot be written as JSON", e);
        }
    }

    private static String us(Tally tally, double share) {
        var us = tally.latencies.quantileUs(share);
        return us == null ? "-" : String.format(Locale.ROOT, "%.1f", us);
    }

    private static long dropped(RingStats stats) {
        return stats.droppedAtSource().values().stream().mapToLong(Long::longValue).sum();
    }
}
