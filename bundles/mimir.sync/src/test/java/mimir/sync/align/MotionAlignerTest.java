// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class MotionAlignerTest {
    private static final int PICTURES = 7;
    private static final double PERIOD = 100e6;
    private static final double CHANGED = 16; // levels

    @Test
    void shouldAlignTheChessboardPair() throws Exception {
        double[][] left = motion("left");
        double[][] right = motion("right");
        for (double offset : new double[] {0, 70e6, -200e6}) {
            var found = new MotionAligner(new Limits(300e6, 5, 0.01)).align(track(left, 0), track(right, offset));

            assertThat(found.evidence()).as(found.reason()).isEqualTo(Evidence.MOTION);
            assertThat(found.offsetNs()).isCloseTo(offset, within(PERIOD));
            assertThat(found.confidence()).isBetween(0.99, 0.9999);
        }
        assertThat(new MotionAligner(new Limits(300e6, 5)).align(track(left, 0), track(right, 0)).claims())
                .as("seven pictures are not much").isFalse();
    }

    @Test
    void shouldSayThatAPairThatRepeatsMayBeOffByALoop() throws Exception {
        var wide = new MotionAligner(new Limits(800e6, 5, 0.05));
        var found = wide.align(track(motion("left"), 0), track(motion("right"), 0));

        assertThat(found.reason()).isEqualTo("the movement repeats itself: several offsets fit as well as the best");
    }

    @Test
    void shouldTellNothingFromAStillSceneFlashesOrDifferentScenes() {
        var still = new Track(1);
        for (int k = 0; k < 1800; k++) {
            still.add(k * 1e9 / 60, k % 60 < 2 ? 100 : 3); // a flash each second, in two differences
        }
        assertThat(new MotionAligner(new Limits(400e6, 5)).align(still, scene(1)).reason())
                .isEqualTo("nothing moves before the first camera");
        int claims = 0;
        for (int seed = 0; seed < 40; seed++) {
            claims += new MotionAligner(new Limits(400e6, 5)).align(scene(seed), scene(1000 + seed)).claims() ? 1 : 0;
        }
        assertThat(claims).isZero();
    }

    private static Track scene(long seed) {
        var random = new Random(seed);
        var track = new Track(1);
        double slow = 0;
        double fast = 0;
        for (int k = 0; k < 1200; k++) {
            slow = 0.95 * slow + random.nextGaussian();
            fast = 0.8 * fast + slow;
            track.add(k * 1e9 / 60, 0.1 * Math.abs(fast) + 0.05 * random.nextGaussian());
        }
        return track;
    }

    private static Track track(double[][] motion, double offsetNs) {
        var track = new Track(4);
        for (int k = 0; k < 80; k++) {
            track.add(k * PERIOD + offsetNs, motion[k % PICTURES]);
        }
        return track;
    }

    /** As the stage {@code motion} finds it: mean difference, and the middle of what changed. */
    private static double[][] motion(String side) throws Exception {
        var pictures = new int[PICTURES][];
        for (int k = 0; k < PICTURES; k++) {
            var file = Path.of(System.getProperty("mimir.data"), "chessboard", side + "0" + (k + 1) + ".jpg").toFile();
            pictures[k] = ImageIO.read(file).getRaster().getSamples(0, 0, 640, 480, 0, (int[]) null);
        }
        var motion = new double[PICTURES][4];
        for (int k = 0; k < PICTURES; k++) {
            double changed = 0;
            for (int i = 0; i < pictures[k].length; i++) {
                int difference = Math.abs(pictures[k][i] - pictures[(k + PICTURES - 1) % PICTURES][i]);
                motion[k][0] += difference / 307_200.0;
                if (difference >= CHANGED) {
                    changed++;
                    motion[k][2] += i % 640;
                    motion[k][3] += i / 640;
                }
            }
            motion[k][1] = changed / pictures[k].length;
            motion[k][2] /= changed;
            motion[k][3] /= changed;
        }
        return motion;
    }
}
