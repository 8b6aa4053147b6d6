// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EventAlignerTest {
    private static final double FRAME = 1e9 / 60;

    @Test
    void shouldNarrowWithTheNumberOfFlashes() {
        var found = align(clicks(60, 0.8, 1), flashes(60, 0.8, 1, 31.7e6), 300e6);

        assertThat(found.evidence()).isEqualTo(Evidence.EVENTS);
        assertThat(found.offsetNs()).isCloseTo(31.7e6, within(found.uncertaintyNs()));
        assertThat(found.uncertaintyNs()).isLessThan(FRAME / 20);
        assertThat(found.pieces()).isEqualTo(60);
    }

    @Test
    void shouldTakeRegularEventsForTheSameOnlyWhenTheOffsetIsSmall() {
        var near = align(clicks(20, 0, 1), flashes(20, 0, 1, 3e6), 400e6);
        var far = align(clicks(20, 0, 1), flashes(20, 0, 1, 350e6), 400e6);

        assertThat(near.offsetNs()).isCloseTo(3e6, within(near.uncertaintyNs()));
        assertThat(near.confidence()).isBetween(0.9, 0.99);
        assertThat(near.reason()).contains("regular intervals");
        assertThat(far.claims()).isFalse();
        assertThat(align(clicks(20, 0, 1), flashes(20, 0, 1, 3e6), 2e9).reason())
                .isEqualTo("the events repeat themselves: several offsets fit as well as the best");
    }

    @Test
    void shouldTellNothingFromUnrelatedOrFewEvents() {
        int claims = 0;
        for (int seed = 1; seed <= 200; seed++) {
            claims += align(clicks(40, 0.8, seed), flashes(40, 0.8, 1000 + seed, 0), 300e6).claims() ? 1 : 0;
        }
        assertThat(claims).isZero();
        assertThat(align(clicks(3, 0.8, 1), flashes(3, 0.8, 1, 0), 300e6).reason())
                .isEqualTo("there are 3 and 3 events; 4 to 2000 are needed");
    }

    @Test
    void shouldFindClicksAndFlashes() {
        var samples = new double[48_000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 0.25 * (i * 110 % 48_000 / 24_000.0 - 1);
        }
        samples[12_345] = 1;
        samples[12_346] = -1;
        var clicks = Finders.clicks(new Sound(samples, 5e9, 1e9 / 48_000));
        assertThat(clicks.size()).isEqualTo(1);
        assertThat(clicks.middleNs(0)).isCloseTo(5e9 + 12_345e9 / 48_000, within(1.0));

        var light = new Track(1);
        for (int k = 0; k < 100; k++) {
            light.add(k * FRAME, k == 40 ? 200 : k > 60 ? 90 : 60); // a flash, and later somebody turns the light on
        }
        var flashes = Finders.flashes(light, FRAME);
        assertThat(flashes.size()).isEqualTo(1);
        assertThat(flashes.middleNs(0)).isCloseTo(40 * FRAME, within(1.0));
    }

    private static Alignment align(Events a, Events b, double reach) {
        return new EventAligner(new Limits(reach, 10)).align(a, b);
    }

    private static double[] instants(int count, double irregular, long seed) {
        var random = new Random(seed);
        var instants = new double[count];
        double t = 0;
        for (int k = 0; k < count; k++) {
            t += (1 + irregular * (random.nextDouble() - 0.5)) * 1e9;
            instants[k] = t;
        }
        return instants;
    }

    private static Events clicks(int count, double irregular, long seed) {
        var clicks = new Events();
        for (double each : instants(count, irregular, seed)) {
            clicks.add(each, 20e3);
        }
        return clicks;
    }

    /** Each in the middle of the frame that it falls into, whose phase moves from second to second. */
    private static Events flashes(int count, double irregular, long seed, double offset) {
        var flashes = new Events();
        double frame = FRAME * (1 + 3e-4);
        for (double each : instants(count, irregular, seed)) {
            flashes.add((Math.floor(each / frame) + 0.5) * frame + offset, frame / 2);
        }
        return flashes;
    }
}
