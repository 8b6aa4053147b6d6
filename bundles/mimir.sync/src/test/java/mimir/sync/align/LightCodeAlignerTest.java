// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LightCodeAlignerTest {
    private static final double FRAME = 1e9 / 60;
    private static final double OFFSET = 12.3456e6;

    @Test
    void shouldFindWhereInTheFrameTheLampIsSwitched() {
        var lamp = lamp(37e6, 1);
        var found = align(lamp, light(lamp));

        assertThat(found.evidence()).as(found.reason()).isEqualTo(Evidence.LIGHT_CODE);
        assertThat(found.offsetNs()).isCloseTo(OFFSET, within(1.5 * found.uncertaintyNs()));
        assertThat(found.uncertaintyNs()).isLessThan(50e3);
        assertThat(found.driftPpb()).isCloseTo(0, within(1.5 * found.driftUncertaintyPpb()));
    }

    @Test
    void shouldSayWhenTheLampIsSwitchedInStepWithTheFrames() {
        var lamp = lamp(3 * FRAME, 1);

        assertThat(align(lamp, light(lamp)).reason()).contains("in step with the frames");
    }

    @Test
    void shouldTellNothingFromAnotherLampABlinkerOrDarkness() {
        assertThat(align(lamp(37e6, 1), light(lamp(37e6, 2))).reason()).isEqualTo(
                "the brightness does not follow the lamp");
        var blinker = new Switching();
        for (int k = 0; k < 500; k++) {
            blinker.toggle(k * 43e6);
        }
        assertThat(align(blinker, light(blinker)).reason()).contains("repeats itself");
        assertThat(align(lamp(37e6, 1), light(new Switching())).claims()).isFalse();
    }

    @Test
    void shouldReadTheLampFromTheSignalThatSwitchesIt() {
        var lamp = lamp(37e6, 1);
        var signal = new double[20 * 8000];
        for (int i = 0; i < signal.length; i++) {
            double lit = lamp.once((i + 0.5) * 125e3) - lamp.once((i - 0.5) * 125e3);
            signal[i] = lit > 62.5e3 ? 0.4 : -0.1;
        }
        Arrays.fill(signal, 50_000, 50_100, 0.15); // a hole switches nothing
        var found = align(Finders.switching(new Sound(signal, 0, 125e3)), light(lamp));

        assertThat(found.evidence()).as(found.reason()).isEqualTo(Evidence.LIGHT_CODE);
        assertThat(found.offsetNs()).isCloseTo(OFFSET, within(1.5 * found.uncertaintyNs()));
        assertThat(found.reversed().offsetNs()).isEqualTo(-found.offsetNs());
        assertThat(found.reversed().atNs()).isEqualTo(found.atNs() + found.offsetNs());
    }

    @Test
    void shouldTakeNoOtherSoundForASignal() {
        var sound = new Random(1).doubles(20_000, -0.5, 0.5).toArray();
        assertThat(Finders.switching(new Sound(sound, 0, 125e3))).isNull();
        assertThat(Finders.switching(new Sound(new double[20_000], 0, 125e3))).isNull();
        assertThat(Finders.switching(new Sound(new double[0], 0, 125e3))).isNull();
    }

    private static Alignment align(Switching lamp, Track light) {
        return new LightCodeAligner(new Limits(150e6, 10), FRAME, 0).align(lamp, light);
    }

    private static Switching lamp(double bit, long seed) {
        var random = new Random(seed);
        var lamp = new Switching();
        boolean on = false;
        for (int k = 0; k * bit < 20e9; k++) {
            if (random.nextBoolean() != on) {
                on = !on;
                lamp.toggle(k * bit);
            }
        }
        return lamp;
    }

    private static Track light(Switching lamp) {
        var random = new Random(9);
        var light = new Track(1);
        for (int k = 0; k < 1200; k++) {
            double t = (k + 0.3) * FRAME;
            double lit = (lamp.once(t + FRAME / 2) - lamp.once(t - FRAME / 2)) / FRAME;
            light.add(t + OFFSET, 50 + 30 * lit + 0.3 * random.nextGaussian());
        }
        return light;
    }
}
