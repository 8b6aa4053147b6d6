// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;

/**
 * Sound against sound. Whether there is anything in common, and roughly where, is told by the half-whitened generalised
 * correlation of long blocks; how far apart exactly by the correlation of short segments, each maximised over the
 * continuous lag, and a line through them. Confined; control threads: it allocates, and takes some ms for a second.
 */
public final class SoundAligner {
    private static final double LOWEST_HZ = 200;
    private static final double HIGHEST = 0.45;            // as part of the sample rate
    private static final double APART_S = 0.25e-3;         // a peak ends there
    private static final double SEGMENT_S = 0.35;          // 200 ppm smear it by 35 us to either side
    private static final double LEAST_S = 0.02;
    private static final double SEGMENT_SIGMAS = 5;
    private static final double SILENCE = 1e-5;            // rms, -100 dBFS
    private static final double LIKE_RATES = 1e-3;
    private static final double MOST_RUNNER_UP = 0.6;
    private static final int MOST_BLOCKS = 64;
    private static final double LOUD = 0.03;               // of the loudest segment's power
    private static final double LEAST_NS = 0.1;            // that a time can be told to

    private final Fft fft;
    private final Limits limits;

    /** Looks within the limits, with a transform of its own. */
    public SoundAligner(Fft fft, Limits limits) {
        this.fft = fft;
        this.limits = limits;
    }

    /** How far the second is behind the first. */
    public Alignment align(Sound a, Sound b) {
        double period = a.nsPerSample();
        if (Math.abs(b.nsPerSample() / period - 1) > LIKE_RATES) {
            return period > b.nsPerSample() ? align(a, Resampling.to(b, period))
                    : align(Resampling.to(a, b.nsPerSample()), b);
        }
        double from = Math.max(a.startNs(), b.startNs());
        int common = (int) ((Math.min(a.endNs(), b.endNs()) - from) / period);
        int reach = (int) Math.ceil(limits.offsetNs() / period);
        if (common * period < LEAST_S * 1e9 || common < 2 * reach) {
            return Alignment.none(String.format(Locale.ROOT, "both cover %.3f s; to look for offsets of %.3f s twice as"
                    + " much is needed", Math.max(0, common) * period / 1e9, limits.offsetNs() / 1e9));
        }
        if (rms(a.samples()) < SILENCE || rms(b.samples()) < SILENCE) {
            return Alignment.none("there is silence in " + (rms(a.samples()) < SILENCE ? "the first" : "the second"));
        }
        double rate = 1e9 / period;
        var spectra = new SoundSpectra(fft, a.samples(), b.samples(), LOWEST_HZ / rate, HIGHEST);
        int i = (int) Math.max(0, Math.rint((from - a.startNs()) / period));
        int j = (int) Math.max(0, Math.rint((from - b.startNs()) / period));
        common = Math.min(common, Math.min(a.samples().length - i, b.samples().length - j));
        var coarse = new SoundSearch(spectra, i, j, common, reach, (int) Math.ceil(APART_S * rate)).search(rate);
        if (!limits.rule(coarse.logChance)) {
            return Alignment.none("the two sounds have nothing in common that chance could not make");
        }
        if (coarse.runnerUp > MOST_RUNNER_UP) {
            return Alignment.none("the sound repeats itself: several offsets fit as well as the best");
        }
        return measure(a, b, spectra, i, j + coarse.lag, coarse);
    }

    /** The first from i and the second from j on, which lie upon one another but for less than a sample at one time. */
    private Alignment measure(Sound a, Sound b, SoundSpectra spectra, int i, int j, SoundSearch coarse) {
        int begin = Math.max(0, -j);
        int samples = Math.min(a.samples().length - i, b.samples().length - j) - begin;
        int segments = Math.max(1, (int) (samples * a.nsPerSample() / (SEGMENT_S * 1e9)));
        int length = samples / segments;
        var found = new ArrayList<double[]>();
        var powers = new double[segments];
        for (int s = 0; s < segments; s++) {
            int at = begin + s * length;
            double distance = Math.abs(at + length / 2 - (coarse.middle - i));
            int reach = 2 + (int) Math.ceil(coarse.slack + limits.driftPpm() * 1e-6 * distance);
            var spectrum = spectra.of(i + at, j + at, length, Taper.TUKEY);
            powers[s] = spectrum.power();
            double[] lag = lag(spectrum, spectra, length, reach);
            if (lag != null) {
                double middle = i + at + (length - 1) / 2.0;
                found.add(new double[] {a.timeNs(middle), b.timeNs(middle + j - i + lag[0]) - a.timeNs(middle),
                        lag[1] * b.nsPerSample()});
            }
        }
        double loud = LOUD * Arrays.stream(powers).max().orElse(0);
        return result(found, (int) Arrays.stream(powers).filter(power -> power >= loud).count(), coarse,
                a.nsPerSample());
    }

    /** Lag and its sigma, samples; null when this segment says nothing. */
    private static double[] lag(CrossSpectrum spectrum, SoundSpectra spectra, int length, int reach) {
        if (!(spectrum.power() > 0)) {
            return null;
        }
        int n = SoundSpectra.length(length);
        var peak = new LagSearch().look(spectra.correlation(spectrum, n, false), n, Math.min(reach, n / 4), 0);
        double lag = spectrum.refine(peak.lag, 1);
        spectrum.keepAlike(lag);
        lag = spectrum.refine(lag, 1);
        double sigma = spectrum.sigma();
        boolean clear = spectrum.likeness(lag) > SEGMENT_SIGMAS * spectrum.chanceSigma();
        return Double.isNaN(lag) || !clear ? null : new double[] {lag, sigma};
    }

    /** What is loud in both must agree for the most part: two voices are alike for a moment now and then. */
    private static Alignment result(ArrayList<double[]> found, int loud, SoundSearch coarse, double period) {
        if (found.isEmpty()) {
            return Alignment.none("the two sounds are alike on the whole, but not in any single part");
        }
        var line = new LineFit(column(found, 0), column(found, 1), column(found, 2), period / 10).fit();
        if (2 * line.pieces <= Math.max(found.size(), loud)) {
            return Alignment.none(String.format(Locale.ROOT, "only %d of %d parts of the sound agree on an offset",
                    line.pieces, Math.max(found.size(), loud)));
        }
        var reason = String.format(Locale.ROOT, "the same sound, in %d parts of %d that are loud", line.pieces,
                Math.max(line.pieces, loud));
        return new Alignment(Evidence.SOUND, line.at, line.offset,
                Math.max(LEAST_NS, 2 * line.offsetSigma), 1e9 * line.slope,
                2e9 * line.slopeSigma, 1 - Math.exp(coarse.logChance), coarse.runnerUp, line.pieces, reason);
    }

    static double[] column(ArrayList<double[]> rows, int column) {
        return rows.stream().mapToDouble(row -> row[column]).toArray();
    }

    private static double rms(double[] samples) {
        double sum = 0;
        for (double each : samples) {
            sum += each * each;
        }
        return Math.sqrt(sum / samples.length);
    }

    /** Where the two lie upon one another roughly. Confined. */
    private static final class SoundSearch {
        private final SoundSpectra spectra;
        private final int i;
        private final int j;
        private final int common;
        private final int reach;
        private final int apart;
        int lag;
        int middle;
        double slack;
        double runnerUp;
        double logChance = 0;

        SoundSearch(SoundSpectra spectra, int i, int j, int common, int reach, int apart) {
            this.spectra = spectra;
            this.i = i;
            this.j = j;
            this.common = common;
            this.reach = reach;
            this.apart = apart;
        }

        /** All blocks together, for what is faint; each alone, for clocks that drift and sounds that come and go. */
        SoundSearch search(double rate) {
            int length = Math.min(common, Math.max(4 * reach, (int) (SEGMENT_S * rate)));
            int count = Math.min(MOST_BLOCKS, common / length);
            double trials = Chance.trials(2.0 * reach / rate, HIGHEST * rate);
            int n = SoundSpectra.length(length);
            var all = new double[2 * n];
            var every = new CrossSpectrum(Taper.HANN.inflation * n / length);
            for (int block = 0; block < count; block++) {
                int at = (int) ((long) block * (common - length) / Math.max(1, count - 1));
                var spectrum = spectra.of(i + at, j + at, length, Taper.HANN);
                every.addAll(spectrum, 1);
                double[] correlation = spectra.correlation(spectrum, n, true);
                for (int k = 0; k < all.length; k += 2) {
                    all[k] += correlation[k];
                }
                judge(correlation, n, spectrum, trials * count, i + at + length / 2, 0);
            }
            judge(all, n, every, trials, i + common / 2, count == 1 ? 0 : apart);
            return this;
        }

        private void judge(double[] correlation, int n, CrossSpectrum spectrum, double trials, int where,
                double loose) {
            var search = new LagSearch().look(correlation, n, reach, apart);
            double chance = Chance.log(spectrum.likeness(search.lag), spectrum.chanceSigma(), trials);
            if (chance < logChance) {
                logChance = chance;
                lag = search.lag;
                runnerUp = search.runnerUp;
                middle = where;
                slack = loose;
            }
        }
    }
}
