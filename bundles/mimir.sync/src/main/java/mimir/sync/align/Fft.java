// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/** The one transform that alignment needs, so that another library can do it. Confined. */
@FunctionalInterface
public interface Fft {
    /**
     * Discrete Fourier transform in place, kernel e^(-2 pi i j k / n), not scaled. Does not block.
     *
     * @param complex n numbers as re, im, re, im; n is a power of two
     */
    void forward(double[] complex);
}
