// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Comparator;
import java.util.function.Consumer;
import mimir.api.work.ThreadStats;
import mimir.api.work.Workers;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Which threads work, what they were granted and what they cost. Thread-safe. */
final class ThreadsCommand implements Command {
    private static final Listing<ThreadStats> LISTING = new Listing<>(
            Column.of("THREAD", "name", ThreadStats::name),
            Column.of("TID", "tid", ThreadStats::tid),
            Column.of("MADE IN", "madeIn", thread -> thread.nativeThread() ? "C" : "Java"),
            Column.of("CLASS", "class", thread -> thread.workClass().name()),
            Column.of("MEDIA", "media", thread -> thread.media() ? "yes" : "no"),
            Column.of("ASKED", "policyAsked", ThreadStats::policyAsked),
            Column.of("GRANTED", "policyGranted", ThreadStats::policyGranted),
            new Column<>("CPU s", "cpuNs", ThreadStats::cpuNs, ns -> Column.plain(((Long) ns) / 1e9)),
            Column.of("ITEMS", "items", ThreadStats::items),
            Column.bytes("ALLOCATED MiB", "allocatedBytes", ThreadStats::allocatedBytes),
            Column.of("MINOR FAULTS", "minorFaults", ThreadStats::minorFaults),
            Column.of("STUCK", "stuck", thread -> thread.stuck() ? "yes" : "no"));

    private final Services services;

    ThreadsCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("threads", "which threads work, what they were granted and what they cost", Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var threads = services.need(Workers.class, "mimir.engine").threads().stream()
                .sorted(Comparator.comparing(ThreadStats::workClass).thenComparing(ThreadStats::name)).toList();
        return given.has("--json") ? Json.answer(LISTING.values(threads)) : Answer.of(LISTING.table(threads));
    }
}
