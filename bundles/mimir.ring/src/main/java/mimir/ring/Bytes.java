// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.Locale;

/** Sizes for people. Immutable. */
final class Bytes {
    private Bytes() {
    }

    /** "614 B", "37.5 MiB". */
    static String text(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        int power = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        return String.format(Locale.ROOT, "%.1f %ciB", bytes / Math.pow(1024, power), " KMGTPE".charAt(power));
    }

    static long alignUp(long value, long alignment) {
        return (value + alignment - 1) & -alignment;
    }
}
