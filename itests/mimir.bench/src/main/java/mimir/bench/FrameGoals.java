// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;

/** What is asked of frames. Immutable. */
final class FrameGoals {
    private static final String RATE = "rate.perS";
    private static final String P50 = "p50.ns";
    private static final String WORK = "cpuPerFrame.ns";
    private static final double NONE = Double.NaN;

    private FrameGoals() {
    }

    static List<Goal> frames() {
        var list = new Goals.Listing("frames");
        list.rate("three readers, untouched: frames/s against GStreamer", Figure.of("mimir.untouched", RATE), 1.5, 2.0,
                Figure.of("gstreamer.untouched", RATE));
        list.rate("three readers, touched: frames/s against GStreamer", Figure.of("mimir.touched", RATE), 1.2, NONE,
                Figure.of("gstreamer.touched", RATE));
        list.cost("three readers at 360 fps: processor time per frame against GStreamer",
                Figure.of("mimir.paced", WORK), 1.2, 1.0, Figure.of("gstreamer.paced", WORK));
        list.rate("three processes: frames/s against shmsink", Figure.of("mimir.processes", RATE), 2.0, 3.0,
                Figure.of("shmsink.processes", RATE));
        list.cost("three processes at 360 fps: p50 against shmsink", Figure.of("mimir.processes.paced", P50), 0.5, 0.4,
                Figure.of("shmsink.processes.paced", P50));
        list.cost("three processes at 360 fps: processor time per frame against shmsink",
                Figure.of("mimir.processes.paced", WORK), 0.6, 0.4, Figure.of("shmsink.processes.paced", WORK));
        list.least("frames that a reader lost", Figure.of("mimir.untouched", "lost.count"), 0);
        return list.goals;
    }

    static List<Goal> ingest() {
        var list = new Goals.Listing("ingest");
        list.cost("a frame into the reservoir, p50 against memcpy of the same bytes", Figure.of("mimir.frames", P50),
                1.2,
                NONE, Figure.of("memcpy.frames", P50));
        var bare = Figure.of("six.memcpy", P50);
        list.cost("six cameras and audio, copied: a frame and its part of the sound, p50 against memcpy",
                Figure.of("six.copied", P50), 1.3, NONE, bare);
        list.cost("the same with their checksums tested", Figure.of("six.checked", P50), 1.3, NONE, bare);
        list.cost("the same kept in place", Figure.of("six.inplace", P50), 0.3, 0.1, bare);
        list.least("allocated per frame kept in place", Figure.of("six.inplace", "bytesPerOp"), 0.5);
        list.least("allocated per frame", Figure.of("mimir.frames", "bytesPerOp"), 0.5);
        list.least("minor page faults in steady state", Figure.of("mimir.frames", "minorFaults.count"), 0);
        return list.goals;
    }

    /** Publishing to the same readers is measured twice: the difference says what the machine does by itself. */
    static List<Goal> publish() {
        var list = new Goals.Listing("publish");
        for (var figure : List.of("frame.p50.ns", "frame.p99.ns", "audio.p50.ns", "audio.p99.ns")) {
            var what = figure.substring(0, figure.length() - ".ns".length()).replace(".", " published to three"
                    + " readers, ");
            list.add(what + ": change beside reservoir and export, against the change beside none", Goal.Kind.CHANGE,
                    Figure.of("export", figure), 1, NONE, Figure.of("readers", figure), Figure.of("again", figure));
            list.cost(what + ": beside reservoir and export against beside none", Figure.of("export", figure), 2, NONE,
                    Figure.of("readers", figure));
        }
        list.most("exports meanwhile", Figure.of("export", "exports.count"), 1);
        list.least("items that the reservoir refused meanwhile", Figure.of("export", "refused.count"), 0);
        return list.goals;
    }
}
