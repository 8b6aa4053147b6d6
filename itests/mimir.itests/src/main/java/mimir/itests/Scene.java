// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.util.Random;

/** What there is to see, at canonical times: something that moves about, or a lamp that is switched at random. */
interface Scene {
    double BIT_NS = 37e6;

    /** Luma of a pixel in a picture that is exposed around an instant for so long. */
    int luma(int x, int y, double atNs, double exposureNs);

    /** Whether the lamp is on. */
    default boolean lampOn(double atNs) {
        return new Random((long) Math.floor(atNs / BIT_NS) * 0x9E3779B97F4A7C15L).nextInt(1 << 20) % 2 == 1;
    }

    /** A bright square on dark ground, in places that nobody can guess. */
    static Scene moving() {
        var random = new Random(4);
        var parts = random.doubles(48, 0, 1).toArray();
        return (x, y, atNs, exposureNs) -> {
            double s = atNs % 1e12 * 1e-9;
            double right = 0;
            double down = 0;
            for (int i = 0; i < 12; i++) {
                double turns = (0.3 + 5.7 * parts[i]) * s;
                right += Math.sin(2 * Math.PI * (turns + parts[12 + i]));
                down += Math.sin(2 * Math.PI * (turns * (0.5 + parts[24 + i]) + parts[36 + i]));
            }
            double inside = Math.min(7.5 - Math.abs(x - 32 - 7 * right), 7.5 - Math.abs(y - 24 - 5 * down));
            return 40 + (int) (170 * Math.clamp(inside, 0, 1));
        };
    }

    /** A wall that a lamp shines on. */
    static Scene lamp() {
        return new Scene() {
            private double at = Double.NaN;
            private int luma;

            @Override
            public int luma(int x, int y, double atNs, double exposureNs) {
                if (at != atNs) {
                    at = atNs;
                    luma = 60 + (int) Math.round(150 * share(atNs - exposureNs / 2, atNs + exposureNs / 2));
                }
                return luma + (x * 7 + y * 3) % 8; // as light falls, unevenly
            }

            private double share(double from, double to) {
                double lit = 0;
                for (double begin = from; begin < to;) {
                    double end = Math.min(to, (Math.floor(begin / BIT_NS) + 1) * BIT_NS);
                    lit += lampOn((begin + end) / 2) ? end - begin : 0;
                    begin = end;
                }
                return lit / (to - from);
            }
        };
    }
}
