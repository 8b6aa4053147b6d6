// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import org.jtransforms.fft.DoubleFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/** By JTransforms, on the calling thread; keeps the tables of the length used last. Confined. */
public final class JTransformsFft implements Fft {
    static {
        ConcurrencyUtils.setNumberOfThreads(1); // threads are made by the engine alone
    }

    private DoubleFFT_1D plan;
    private int length;

    @Override
    public void forward(double[] complex) {
        if (complex.length != length) {
            length = complex.length;
            plan = new DoubleFFT_1D(length / 2);
        }
        plan.complexForward(complex);
    }
}
