// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mimir.ring.Abi;
import mimir.ring.DropReason;
import mimir.ring.ReaderStats;
import mimir.ring.Ring;
import mimir.ring.RingStats;
import mimir.ring.Rings;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Which rings there are, who reads them, and what was lost on the way. Thread-safe. */
final class RingsCommand implements Command {
    private record Reading(RingStats ring, ReaderStats reader) {
    }

    /** A reader of this process looks at the bytes that the writer wrote; so do those of others ({@code read}). */
    private static final int HOPS = 1;
    private static final Listing<RingStats> RINGS = new Listing<>(
            Column.of("RING", "id", RingStats::identity),
            Column.of("KIND", "kind", RingsCommand::kind),
            Column.of("STATE", "state", RingStats::stateLabel),
            Column.of("OWNER", "owner", RingStats::owner),
            Column.of("EPOCH", "epoch", RingStats::epoch),
            Column.of("SLOTS", "slots", RingStats::slotCount),
            Column.of("SECONDS", "seconds", RingsCommand::seconds),
            Column.bytes("MiB", "bytes", RingStats::regionBytes),
            Column.of("PUBLISHED", "published", RingStats::published),
            Column.of("DROPPED AT SOURCE", "droppedAtSource", RingsCommand::dropped),
            Column.hidden("bytesWritten", RingStats::payloadWritten),
            Column.hidden("bytesCopied", RingStats::payloadCopied),
            Column.hidden("wakeCalls", RingStats::woken));

    private static final Listing<Reading> READERS = new Listing<>(
            Column.of("RING", "ring", row -> row.ring().identity()),
            Column.of("READER", "name", row -> row.reader().name()),
            Column.of("PROFILE", "profile", row -> row.reader().profile().name()),
            Column.of("ROUTE", "route", row -> "direct"),
            Column.of("HOPS", "hops", row -> HOPS),
            Column.of("PUBLISHED", "published", row -> row.reader().published()),
            Column.of("DELIVERED", "delivered", row -> row.reader().delivered()),
            Column.of("OVERTAKEN", "overtaken", row -> row.reader().overtaken()),
            Column.of("SKIPPED", "skipped", row -> row.reader().skipped()),
            Column.of("PENDING", "pending", row -> row.reader().pending()),
            Column.of("TORN", "torn", row -> row.reader().torn()),
            Column.of("BAD CHECKSUM", "checksumErrors", row -> row.reader().checksumErrors()),
            Column.of("COPIED B/B", "bytesCopiedPerByteDelivered", row -> row.reader().copiedPerDelivered()),
            Column.hidden("mostPending", row -> row.reader().mostPending()),
            Column.hidden("conserved", row -> row.reader().conserved()));

    private final Services services;

    RingsCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("rings", "who reads what, and what was lost on the way", Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var service = services.need(Rings.class, "mimir.ring");
        service.discoveryFault().ifPresent(progress);
        var rings = service.list().stream().map(Ring::stats).toList();
        var readings = rings.stream().flatMap(RingsCommand::readings).toList();
        if (given.has("--json")) {
            return Json.answer("rings", RINGS.values(rings), "readers", READERS.values(readings));
        }
        if (rings.isEmpty()) {
            return Answer.of("No ring was opened yet.");
        }
        var text = RINGS.table(rings);
        var shown = readings.stream().filter(row -> !looksUp(row)).toList();
        return Answer.of(shown.isEmpty() ? text + "\nNobody reads." : text + "\n" + READERS.table(shown)
                + lookUps(readings.size() - shown.size()) + reasons(rings));
    }

    /** One that looks single results up has dozens of its kind, and never has all of them. */
    private static boolean looksUp(Reading row) {
        return row.ring().itemKind() == Abi.ITEM_RESULT && row.reader().name().equals("results");
    }

    private static String lookUps(int readers) {
        return readers == 0 ? "" : "\nResults are looked up by " + readers + " readers that are not shown here.";
    }

    private static Stream<Reading> readings(RingStats ring) {
        return ring.readers().stream().map(reader -> new Reading(ring, reader));
    }

    private static String kind(RingStats ring) {
        return switch (ring.itemKind()) {
            case Abi.ITEM_FRAME -> "frame";
            case Abi.ITEM_AUDIO -> "audio";
            case Abi.ITEM_RESULT -> "result";
            default -> "event";
        };
    }

    /** How long its slots last at the rate of the newest format; null for items that come as they come. */
    private static Double seconds(RingStats ring) {
        if (ring.formats().isEmpty() || ring.itemKind() != Abi.ITEM_FRAME && ring.itemKind() != Abi.ITEM_AUDIO) {
            return null;
        }
        var format = ring.formats().getLast();
        int samples = ring.itemKind() == Abi.ITEM_AUDIO ? format.height() : 1;
        return ring.slotCount() * samples / format.rateHz();
    }

    private static long dropped(RingStats ring) {
        return ring.droppedAtSource().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Losses of devices, by reason; most of the time there are none. A result that is given up is no loss. */
    private static String reasons(List<RingStats> rings) {
        var text = new StringBuilder();
        for (var ring : rings.stream().filter(ring -> ring.itemKind() != Abi.ITEM_RESULT).toList()) {
            new TreeMap<DropReason, Long>(ring.droppedAtSource()).forEach((reason, items) -> text.append('\n')
                    .append(ring.identity()).append(" lost at the source: ").append(items).append(' ')
                    .append(reason.name().toLowerCase().replace('_', ' ')));
        }
        return text.toString();
    }
}
