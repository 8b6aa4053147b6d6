// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import mimir.api.recording.Exporter;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Windows;
import mimir.api.work.Workers;

/** The exporter without a framework. Immutable. */
public final class BareExporter {
    private BareExporter() {
    }

    /** One that keeps nothing of what a kill leaves. */
    public static Exporter of(Reservoir reservoir, Windows windows, Workers workers) {
        return new ReservoirExporter(reservoir, windows, workers, Disk.REAL, null);
    }
}
