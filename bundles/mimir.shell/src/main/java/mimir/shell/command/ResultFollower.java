// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;
import mimir.api.analysis.Attachments;
import mimir.ring.HostClock;

/** Says results as they come, one line each. Confined. */
final class ResultFollower implements AutoCloseable {
    private static final long LOOK_NS = 20_000_000;
    private static final long SILENCE_NS = 1_000_000_000;

    private final String source;
    private final List<Tap> taps = new ArrayList<>();
    private final int limit;
    private final boolean json;

    /** @param lastNs how far back it begins, ns */
    ResultFollower(Attachments attachments, String source, List<AttachmentLayout> layouts, long lastNs, int limit,
            boolean json) {
        this.source = source;
        this.limit = limit;
        this.json = json;
        long fromNs = HostClock.nowNs() - lastNs;
        for (var layout : layouts) {
            var reader = attachments.reader(source, layout);
            taps.add(new Tap(layout, reader));
            reader.seek(fromNs);
        }
    }

    /** Blocks for so long, less when there were enough or the shell ends; returns what to say at the end. */
    String follow(long forNs, Consumer<String> progress, Consumer<String> lines) {
        long begin = System.nanoTime();
        boolean told = false;
        while (System.nanoTime() - begin < forNs && !Thread.currentThread().isInterrupted()
                && taps.stream().anyMatch(tap -> tap.said < limit)) {
            boolean some = false;
            for (var tap : taps) {
                some |= drain(tap, lines);
            }
            if (!some) {
                told |= tellSilence(told, begin, progress);
                taps.getFirst().reader.await(Math.clamp(forNs - (System.nanoTime() - begin), 1, LOOK_NS));
            }
        }
        return end((System.nanoTime() - begin) / 1e9);
    }

    private boolean drain(Tap tap, Consumer<String> lines) {
        long before = tap.said;
        for (int burst = 0; burst < 256 && tap.said < limit && tap.reader.next(); burst++) {
            var row = ResultRow.of(tap.reader, tap.layout, HostClock.nowNs());
            if (row != null) {
                lines.accept(json ? line(tap, row) : row.line(tap.layout));
                tap.said++;
            }
        }
        return tap.said > before;
    }

    private String line(Tap tap, ResultRow row) {
        var values = new LinkedHashMap<String, Object>();
        values.put("source", source);
        values.put("type", tap.layout.id());
        values.putAll(row.json(tap.layout));
        return Json.line(values);
    }

    private boolean tellSilence(boolean told, long begin, Consumer<String> progress) {
        boolean due = !told && System.nanoTime() - begin > SILENCE_NS && taps.stream().allMatch(tap -> tap.said == 0);
        if (due) {
            progress.accept("No result of " + source + " so far; analysers shows whether its stages run");
        }
        return due;
    }

    private String end(double seconds) {
        long said = taps.stream().mapToLong(tap -> tap.said).sum();
        long missed = taps.stream().mapToLong(tap -> tap.reader.missed()).sum();
        return json ? "" : String.format(Locale.ROOT, "%d results of %s in %.1f s, %d missed", said, source, seconds,
                missed);
    }

    @Override
    public void close() {
        taps.forEach(tap -> tap.reader.close());
    }

    /** One type and what was said of it. */
    private static final class Tap {
        private final AttachmentLayout layout;
        private final AttachmentReader<Attachment> reader;
        private long said;

        Tap(AttachmentLayout layout, AttachmentReader<Attachment> reader) {
            this.layout = layout;
            this.reader = reader;
        }
    }
}
