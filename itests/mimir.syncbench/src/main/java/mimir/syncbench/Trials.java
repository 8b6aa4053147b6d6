// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import mimir.sync.align.Alignment;

/** What came out of many alignments whose truth is known. Confined. */
final class Trials {
    private final Values errors = new Values();
    private final Values stated = new Values();
    private int covered;
    private int silent;
    private double squares;


    void add(Alignment alignment, double truthNs) {
        if (!alignment.claims()) {
            silent++;
            return;
        }
        double error = alignment.offsetNs() - truthNs;
        errors.add(Math.abs(error));
        stated.add(alignment.uncertaintyNs());
        squares += error * error;
        covered += Math.abs(error) <= alignment.uncertaintyNs() ? 1 : 0;
    }

    /** Alignments that claimed something. */
    int claimed() {
        return errors.size();
    }

    int silent() {
        return silent;
    }

    int covered() {
        return covered;
    }

    double rmsNs() {
        return Math.sqrt(squares / errors.size());
    }

    double quantileNs(double part) {
        return errors.quantile(part);
    }

    double statedNs() {
        return stated.quantile(0.5);
    }
}
