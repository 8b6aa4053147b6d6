// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How far an export is: the thread that writes notes it, the one that waits tells it, every two seconds and also while
 * a disk takes nothing. Thread-safe.
 */
final class Progress {
    private static final long EVERY_NS = 2_000_000_000L;
    private static final String END = "";

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private volatile String doing = "the export begins";
    private volatile long totalBytes;
    private volatile long bytes;
    private volatile long movedNs = System.nanoTime();
    private volatile boolean ended;
    private volatile String givenUp;

    // ---- the thread that writes ----

    /** Something that a person should know now. */
    void tell(String line) {
        lines.add(line);
    }

    /** What it waits for before it can write; told now, and again as long as that lasts. */
    void waits(String line) {
        doing = line;
        tell(line);
    }

    /** So many bytes are to be written. */
    void total(long total) {
        totalBytes = total;
    }

    /** So many bytes are written. Throws {@link CancellationException} when the export was given up. */
    void at(long written) {
        bytes = written;
        movedNs = System.nanoTime();
        look();
    }

    /** Throws {@link CancellationException} when the export was given up. */
    void look() {
        if (givenUp != null) {
            throw new CancellationException(givenUp);
        }
    }

    void end() {
        ended = true;
        lines.add(END);
    }

    // ---- others ----

    /** @param sentence what the export says when it ends by that */
    void giveUp(String sentence) {
        givenUp = sentence;
    }

    /** Tells what there is to tell until the end, or until {@code atMostNs} have passed. False when they have. */
    boolean follow(Consumer<String> listener, long atMostNs) throws InterruptedException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < atMostNs) {
            var line = lines.poll(Math.min(EVERY_NS, atMostNs), TimeUnit.NANOSECONDS);
            if (line == null && !ended) {
                listener.accept(how());
            } else if (line != null && !line.equals(END)) {
                listener.accept(line);
            } else if (ended && lines.isEmpty()) {
                return true;
            }
        }
        return ended;
    }

    private String how() {
        if (totalBytes == 0) {
            return givenUp != null ? "the export is being given up" : doing;
        }
        long stillNs = System.nanoTime() - movedNs;
        return "exported " + size(bytes) + " of " + size(totalBytes) + (stillNs < EVERY_NS ? ""
                : String.format(Locale.ROOT, "; the disk has taken nothing for %.0f s%s", stillNs / 1e9,
                givenUp != null ? ", and the export is given up as soon as it does" : ", export --cancel gives up"));
    }

    /** "614 B", "37.5 MiB". */
    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(Locale.ROOT, "%.1f %ciB", bytes / Math.pow(1024, power), " KMGTPE".charAt(power));
    }
}
