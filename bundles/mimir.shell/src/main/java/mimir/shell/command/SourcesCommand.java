// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mimir.api.media.PixelFormat;
import mimir.api.source.AudioSource;
import mimir.api.source.DeviceFault;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.ring.RingFormat;
import mimir.ring.RingStats;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Who publishes what. Thread-safe. */
final class SourcesCommand implements Command {
    private record Row(Source source, RingStats ring) {
        RingFormat format() {
            return source.format();
        }

        boolean audio() {
            return source instanceof AudioSource;
        }

        long dropped() {
            return ring.droppedAtSource().values().stream().mapToLong(Long::longValue).sum();
        }
    }

    private static final Listing<Row> LISTING = new Listing<>(
            Column.of("SOURCE", "id", row -> row.source().id()),
            Column.of("KIND", "kind", row -> SourceProperties.kind(row.source())),
            Column.of("DRIVER", "driver", row -> row.source().driver()),
            Column.of("DEVICE", "device", row -> row.source().device()),
            Column.of("FORMAT", "format", SourcesCommand::format),
            Column.of("RATE Hz", "rateHz", row -> row.format().rateHz()),
            Column.of("EPOCH", "epoch", row -> row.ring().epoch()),
            Column.of("PUBLISHED", "published", row -> row.ring().published()),
            Column.of("DROPPED AT SOURCE", "droppedAtSource", Row::dropped));

    private static final Listing<DeviceFault> FAULTS = new Listing<>(
            Column.of("SOURCE", "id", DeviceFault::id),
            Column.of("DRIVER", "driver", DeviceFault::driver),
            Column.of("FAULT", "fault", DeviceFault::sentence));

    private final Services services;

    SourcesCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("sources", "who publishes what", Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var rows = services.all(Source.class).stream().sorted(Comparator.comparing(Source::id))
                .map(source -> new Row(source, source.ring().stats())).toList();
        var faults = services.all(DeviceFault.class).stream().sorted(Comparator.comparing(DeviceFault::id)).toList();
        if (given.has("--json")) {
            return Json.answer("sources", LISTING.values(rows), "faults", FAULTS.values(faults));
        }
        return Answer.of(text(rows, faults));
    }

    private static String text(List<Row> rows, List<DeviceFault> faults) {
        var table = rows.isEmpty() ? "No source is published.\n" : LISTING.table(rows);
        return table + faults.stream().map(fault -> fault.id() + " of " + fault.driver() + " does not run: "
                + fault.sentence()).collect(Collectors.joining("\n"));
    }

    private static String format(Row row) {
        var format = row.format();
        return row.audio() ? format.width() + " channels x " + format.height()
                : format.width() + "x" + format.height() + " " + pixels(format.code());
    }

    /** A driver of tomorrow may know a format that this shell does not. */
    private static String pixels(int code) {
        for (var known : PixelFormat.values()) {
            if (known.code() == code) {
                return known.name();
            }
        }
        return "format " + code;
    }
}
