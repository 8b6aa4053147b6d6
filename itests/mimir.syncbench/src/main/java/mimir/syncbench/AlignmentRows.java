// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.ArrayList;
import java.util.List;

/** Alignment of streams whose offset is known: goals beside results. */
final class AlignmentRows {
    static final SoundTrials SOUND = new SoundTrials(48_000, 200, 20_000, 8192, 20);
    static final SoundTrials WIDE = new SoundTrials(192_000, 200, 80_000, 32_768, 20);
    static final MotionTrials MOTION = new MotionTrials(60, 20);
    static final LightTrials LIGHT = new LightTrials(60, 10e6, 10e6);
    static final double ABOVE_BOUND = 1.2;
    private static final int SOUNDS = 200;
    private static final int PICTURES = 100;
    private static final int UNRELATED = 200;
    private static final double COVERED = 0.92;

    private AlignmentRows() {
    }

    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        var sound = SOUND.run(SOUNDS, 1);
        rows.add(Row.most("sound: delay, 171 ms of 20 kHz at 20 dB, 48 kHz, rms", sound.rmsNs(),
                ABOVE_BOUND * SOUND.boundNs(), "ns"));
        rows.add(Row.beside("sound: beside the Cramer-Rao bound", sound.rmsNs(), SOUND.boundNs(), "ns"));
        covered("sound", sound, rows);
        var wide = WIDE.run(PICTURES, 1);
        rows.add(Row.most("sound: delay, 171 ms of 80 kHz at 20 dB, 192 kHz, rms", wide.rmsNs(), 4, "ns"));
        rows.add(Row.none("sound: offsets claimed of " + UNRELATED + " pairs of unrelated noise",
                SOUND.unrelated(UNRELATED, 1).claimed(), ""));
        var motion = MOTION.run(PICTURES, 1);
        rows.add(Row.most("motion: offset of two cameras in 60 s at 20 dB, rms", motion.rmsNs() / 1e3, 200, "us"));
        rows.add(Row.most("motion: beside the Cramer-Rao bound", motion.rmsNs() / MOTION.boundNs(), 1.4, "x"));
        covered("motion", motion, rows);
        rows.add(Row.none("motion: offsets claimed of " + PICTURES + " pairs of unrelated movements",
                MOTION.unrelated(PICTURES, 1).claimed(), ""));
        var code = LIGHT.code(PICTURES, 1);
        rows.add(Row.most("light code: offset in 60 s, rolling shutter, 2 rms", 2 * code.rmsNs() / 1e3, 100, "us"));
        covered("light code", code, rows);
        var untold = new LightTrials(LIGHT.seconds(), LIGHT.readoutNs(), 0).code(PICTURES, 1);
        rows.add(Row.most("light code: the same, readout not known, 2 rms", 2 * untold.rmsNs() / 1e3, 100, "us"));
        var flashes = LIGHT.flashes(PICTURES, 1);
        rows.add(Row.figure("flash and click: 60 in 60 s, 2 rms", 2 * flashes.rmsNs() / 1e3, "us"));
        covered("flash and click", flashes, rows);
        return rows;
    }

    private static void covered(String name, Trials trials, List<Row> rows) {
        int all = trials.claimed() + trials.silent();
        rows.add(Row.atLeast(name + ": of " + all + ", claimed and in the stated interval", trials.covered(),
                Math.floor(COVERED * all), ""));
    }
}
