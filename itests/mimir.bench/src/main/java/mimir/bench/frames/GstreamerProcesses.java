// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import java.nio.file.Files;
import java.util.ArrayList;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;

/**
 * The peer of {@link BetweenProcesses}: GStreamer's shmsink to three processes with shmsrc. Confined: run once.
 *
 * @param frames in all; the first quarter is warm-up
 * @param fps 0: as fast as they go
 */
record GstreamerProcesses(int frames, int fps) implements Trial {
    private static final int SINK_FIGURES = 2;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        var folder = Files.createTempDirectory("mimir-bench-");
        var socket = folder.resolve("frames");
        var sources = new ArrayList<Program>();
        try (var sink = new Program("gst_shm", "sink", socket, scale.of(frames), fps)) {
            sink.awaitReady();
            for (int i = 0; i < Frames.READERS; i++) {
                var source = new Program("gst_shm", "source", socket, scale.of(frames));
                sources.add(source);
                source.awaitReady();
            }
            sink.go();
            var sent = sink.results(SINK_FIGURES).figures();
            results.note("rate.perS", sent.get("rate.perS"));
            BetweenProcesses.collect(sources, sent.get("cpuPerFrame.ns"), results);
            sink.go();
            sink.results(0);
        } finally {
            sources.forEach(Program::close);
            Files.deleteIfExists(socket);
            Files.delete(folder);
        }
    }
}
