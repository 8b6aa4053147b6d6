// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.recording.Exporter;
import mimir.api.reservoir.Missing;

/** Remembers what it was asked for, and writes nothing. Confined. */
final class FakeExporter implements Exporter {
    final List<Object> asked = new ArrayList<>();
    Missing why = Missing.NOTHING;
    boolean runs;

    @Override
    public List<Exported> export(List<String> sources, long lastNs, Path folder, Consumer<String> progress) {
        asked.addAll(List.of(sources, lastNs, folder));
        return List.of(new Exported("cam.1", Path.of("out/cam.1.y4m"), 50, 5, 1_048_576, why.total(), why));
    }

    @Override
    public List<Exported> exportWindow(String window, List<String> sources, Path folder, Consumer<String> progress) {
        asked.addAll(List.of(window, sources, folder));
        return List.of();
    }

    @Override
    public boolean cancel() {
        return runs;
    }
}
