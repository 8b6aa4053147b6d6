// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import java.util.List;
import mimir.bench.Case;

/** Frames to three readers, in one process and in others. Immutable. */
public final class FramesSuite {
    private static final String NAME = "frames";
    private static final int FAST = 40_000;
    private static final int TOUCHED = 8_000;
    private static final int PACED = 1_080;
    private static final int SHARED = 6_000;
    private static final int FPS = 360;

    private FramesSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(
                new Case(NAME, "mimir.untouched", () -> new InProcess(new Course(FAST, 0, FAST, 0), false)),
                new Case(NAME, "gstreamer.untouched", () -> new Gstreamer(FAST, 0, false)),
                new Case(NAME, "mimir.touched", () -> new InProcess(new Course(TOUCHED, 0, TOUCHED, 0), true)),
                new Case(NAME, "gstreamer.touched", () -> new Gstreamer(TOUCHED, 0, true)),
                new Case(NAME, "mimir.paced", () -> new InProcess(new Course(FAST, PACED, PACED, FPS), false)),
                new Case(NAME, "gstreamer.paced", () -> new Gstreamer(PACED + PACED / 3, FPS, false)),
                new Case(NAME, "mimir.processes", () -> new BetweenProcesses(new Course(SHARED, 0, SHARED, 0))),
                new Case(NAME, "shmsink.processes", () -> new GstreamerProcesses(SHARED, 0)),
                new Case(NAME, "mimir.processes.paced",
                        () -> new BetweenProcesses(new Course(FAST, PACED, PACED, FPS))),
                new Case(NAME, "shmsink.processes.paced", () -> new GstreamerProcesses(PACED, FPS)));
    }
}
