// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Tells how far an export is, every two seconds, and ends it when the platform stops. Confined. */
final class Progress {
    private static final long EVERY_NS = 2_000_000_000L;

    private final Consumer<String> listener;
    private final long totalBytes;
    private final BooleanSupplier stopping;
    private long toldNs = System.nanoTime();

    Progress(Consumer<String> listener, long totalBytes, BooleanSupplier stopping) {
        this.listener = listener;
        this.totalBytes = totalBytes;
        this.stopping = stopping;
    }

    /** So many bytes are written. Throws {@link CancellationException} when the platform stops. */
    void at(long bytes) {
        if (stopping.getAsBoolean()) {
            throw new CancellationException("the export was given up because the platform stops; nothing was written");
        }
        long now = System.nanoTime();
        if (now - toldNs >= EVERY_NS) {
            toldNs = now;
            listener.accept("exported " + size(bytes) + " of " + size(totalBytes));
        }
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
