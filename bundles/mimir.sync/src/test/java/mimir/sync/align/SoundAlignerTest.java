// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;

class SoundAlignerTest {
    private static final double RATE = 48_000;
    private static final double PERIOD = 1e9 / RATE;
    private static final double START = 3.6e12; // an hour after the machine began
    private static final Limits LIMITS = new Limits(100e6, 50);

    @Test
    void shouldFindAPartOfASampleInSpeechWithNoise() throws Exception {
        double[] speech = speech("Front_Center");
        for (double samples : new double[] {0.37, -1200.61}) {
            var found = align(noisy(speech, 1), noisy(delayed(speech, samples), 2));

            assertThat(found.evidence()).isEqualTo(Evidence.SOUND);
            assertThat(found.offsetNs()).isCloseTo(samples * PERIOD, within(found.uncertaintyNs() * 1.5));
            assertThat(found.uncertaintyNs()).isLessThan(PERIOD / 50);
            assertThat(found.driftPpb()).isCloseTo(0, within(1.5 * found.driftUncertaintyPpb()));
            assertThat(found.confidence()).isGreaterThan(0.9999);
        }
    }

    @Test
    void shouldTellNothingFromDifferentSpeech() throws Exception {
        double[] one = speech("Front_Left");
        for (var other : new String[] {"Front_Right", "Side_Right", "Rear_Center", "Noise"}) {
            assertThat(align(one, speech(other)).claims()).as(other).isFalse();
        }
    }

    @Test
    void shouldTellNothingFromSilenceToneOrUnrelatedNoise() {
        assertThat(align(new double[96_000], noisy(new double[96_000], 1)).reason())
                .isEqualTo("there is silence in the first");
        assertThat(align(noisy(new double[96_000], 1), noisy(new double[96_000], 2)).reason())
                .isEqualTo("the two sounds have nothing in common that chance could not make");
        assertThat(align(made(t -> Math.sin(t * 6300)), made(t -> Math.sin(t * 6300 + 1))).claims()).isFalse();
        assertThat(align(made(t -> t * 440 % 1 - 0.5), made(t -> (t * 440 + 0.3) % 1 - 0.5)).reason())
                .isEqualTo("the sound repeats itself: several offsets fit as well as the best");
        assertThat(align(new double[3000], new double[3000]).reason()).startsWith("both cover 0.063 s; ");
    }

    @Test
    void shouldMeasureDriftAndStandDifferentRates() {
        var tones = tones();
        var a = new Sound(made(tones), START, PERIOD);
        double[] later = sampled(t -> tones.applyAsDouble((t - 2e-3) * (1 - 20e-6)), 4 * RATE, 1.2);
        var b = new Sound(later, START, PERIOD / 4);

        var found = new SoundAligner(new JTransformsFft(), LIMITS).align(a, b);

        double at = (found.atNs() - START) / 1e9;
        assertThat(found.offsetNs()).isCloseTo(2e6 + at * 20e3, within(100.0));
        assertThat(found.driftPpb()).isCloseTo(20_000, within(200.0));
    }

    private static Alignment align(double[] a, double[] b) {
        return new SoundAligner(new JTransformsFft(), LIMITS).align(new Sound(a, START, PERIOD),
                new Sound(b, START, PERIOD));
    }

    private static double[] made(DoubleUnaryOperator sound) {
        return sampled(sound, RATE, 2);
    }

    private static double[] sampled(DoubleUnaryOperator sound, double rate, double seconds) {
        var samples = new double[(int) (rate * seconds)];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 0.1 * sound.applyAsDouble(i / rate);
        }
        return samples;
    }

    /** Tones that are everywhere in the band, known at every instant. */
    private static DoubleUnaryOperator tones() {
        var random = new Random(1);
        double[] hertz = random.doubles(25, 300, 8000).toArray();
        double[] phase = random.doubles(25, 0, 6).toArray();
        return t -> {
            double sum = 0;
            for (int k = 0; k < hertz.length; k++) {
                sum += Math.sin(2 * Math.PI * hertz[k] * t + phase[k]);
            }
            return sum / 6;
        };
    }

    private static double[] noisy(double[] sound, long seed) {
        var random = new Random(seed);
        var noisy = sound.clone();
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] += 0.003 * random.nextGaussian();
        }
        return noisy;
    }

    /** Later by any number of samples, by the phases of one long transform. */
    private static double[] delayed(double[] sound, double samples) {
        int n = 1 << 18;
        int lead = 20_000;
        var complex = new double[2 * n];
        for (int i = 0; i < sound.length; i++) {
            complex[2 * (i + lead)] = sound[i];
        }
        new JTransformsFft().forward(complex);
        for (int k = 0; k < n; k++) {
            double angle = -2 * Math.PI * (k < n / 2 ? k : k - n) * samples / n;
            double re = complex[2 * k] * Math.cos(angle) - complex[2 * k + 1] * Math.sin(angle);
            complex[2 * k + 1] = -complex[2 * k] * Math.sin(angle) - complex[2 * k + 1] * Math.cos(angle);
            complex[2 * k] = re;
        }
        new JTransformsFft().forward(complex);
        var delayed = new double[sound.length];
        for (int i = 0; i < delayed.length; i++) {
            delayed[i] = complex[2 * (i + lead)] / n;
        }
        return delayed;
    }

    private static double[] speech(String name) throws Exception {
        var file = Path.of(System.getProperty("mimir.data"), "audio", name + ".wav").toFile();
        try (var stream = AudioSystem.getAudioInputStream(file)) {
            byte[] bytes = stream.readAllBytes();
            var samples = new double[bytes.length / 2];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (bytes[2 * i] & 0xff | bytes[2 * i + 1] << 8) / 32_768.0;
            }
            return samples;
        }
    }
}
