// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/**
 * What an analyser found in each frame: one or several numbers at rising canonical times. What is no number counts as
 * nothing out of the ordinary. Confined.
 */
public final class Track {
    private double[] times = new double[256];
    private final double[][] values;
    private int size;

    /** @param channels numbers per frame */
    public Track(int channels) {
        values = new double[channels][times.length];
    }

    /**
     * A frame; one that is not after the last is left out.
     *
     * @param timeNs canonical time of the middle of what the numbers are about, ns
     */
    public void add(double timeNs, double... numbers) {
        if (size > 0 && !(timeNs > times[size - 1])) {
            return;
        }
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            for (int c = 0; c < values.length; c++) {
                values[c] = Arrays.copyOf(values[c], 2 * size);
            }
        }
        times[size] = timeNs;
        for (int c = 0; c < values.length; c++) {
            values[c][size] = numbers[c];
        }
        size++;
    }

    /** Frames. */
    public int size() {
        return size;
    }

    int channels() {
        return values.length;
    }

    double timeNs(int index) {
        return times[index];
    }

    double value(int channel, int index) {
        return values[channel][index];
    }

    double startNs() {
        return times[0];
    }

    double endNs() {
        return times[size - 1];
    }

    /** Usual distance of two frames, ns. */
    public double periodNs() {
        var gaps = new double[size - 1];
        for (int i = 1; i < size; i++) {
            gaps[i - 1] = times[i] - times[i - 1];
        }
        Arrays.sort(gaps);
        return gaps[gaps.length / 2];
    }

    /** A channel alone. */
    Track only(int channel) {
        var track = new Track(1);
        for (int i = 0; i < size; i++) {
            track.add(times[i], values[channel][i]);
        }
        return track;
    }

    /** A channel without what is no number and without flashes: what sticks out of five frames becomes their median. */
    double[] steady(int channel, double leastSpike) {
        var filled = values[channel].clone();
        double middle = median(Arrays.stream(filled, 0, size).filter(Double::isFinite).toArray());
        var off = new double[size];
        var medians = new double[size];
        for (int i = 0; i < size; i++) {
            filled[i] = Double.isFinite(filled[i]) ? filled[i] : middle;
        }
        for (int i = 0; i < size; i++) {
            int from = Math.clamp(i - 2, 0, Math.max(0, size - 5));
            medians[i] = median(Arrays.copyOfRange(filled, from, Math.min(size, from + 5)));
            off[i] = Math.abs(filled[i] - medians[i]);
        }
        double spike = Math.max(leastSpike, 12 * median(off.clone()));
        var steady = new double[size];
        for (int i = 0; i < size; i++) {
            steady[i] = off[i] > spike ? medians[i] : filled[i];
        }
        return steady;
    }

    static double median(double[] numbers) {
        Arrays.sort(numbers);
        return numbers.length == 0 ? 0 : numbers[numbers.length / 2];
    }
}
