// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.nio.file.Path;
import java.util.List;

/**
 * What somebody wants to have exported. Immutable.
 *
 * @param sources identities; empty for all
 * @param window name of a window; null for the last seconds
 * @param lastNs how many these are, ns
 * @param toNs where they end, canonical time, ns
 * @param folder where to
 */
record ExportOrder(List<String> sources, String window, long lastNs, long toNs, Path folder) {
    boolean all() {
        return sources.isEmpty();
    }
}
