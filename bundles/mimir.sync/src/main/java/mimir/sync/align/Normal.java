// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/** Least squares by normal equations, and errors that hold where the noise is not the same everywhere. Confined. */
final class Normal {
    private final int unknowns;
    private final double[][] matrix;
    private final double[][] spread;
    private final double[] right;
    private double rest;

    Normal(int unknowns) {
        this.unknowns = unknowns;
        matrix = new double[unknowns][unknowns];
        spread = new double[unknowns][unknowns];
        right = new double[unknowns];
    }

    int unknowns() {
        return unknowns;
    }

    /** Sum of the squares of what is left over. */
    double rest() {
        return rest;
    }

    void clear() {
        rest = 0;
        for (int i = 0; i < unknowns; i++) {
            Arrays.fill(matrix[i], 0);
            Arrays.fill(spread[i], 0);
        }
        Arrays.fill(right, 0);
    }

    /** An equation: derivatives by the unknowns, and what is left over. */
    void add(double[] row, double left) {
        rest += left * left;
        for (int i = 0; i < unknowns; i++) {
            right[i] += row[i] * left;
            for (int j = 0; j < unknowns; j++) {
                matrix[i][j] += row[i] * row[j];
                spread[i][j] += row[i] * row[j] * left * left;
            }
        }
    }

    /** What to add to the unknowns; null when they cannot be told apart. */
    double[] solve() {
        return solve(right);
    }

    /** One sigma of an unknown, after the last equation was added with what is left over at the solution. */
    double sigma(int unknown) {
        var unit = new double[unknowns];
        unit[unknown] = 1;
        double[] column = solve(unit);
        if (column == null) {
            return Double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < unknowns; i++) {
            for (int j = 0; j < unknowns; j++) {
                sum += column[i] * spread[i][j] * column[j];
            }
        }
        return Math.sqrt(sum);
    }

    /** Elimination, on rows scaled by their diagonal: unknowns differ by twenty orders of magnitude. */
    private double[] solve(double[] vector) {
        var scale = new double[unknowns];
        var work = new double[unknowns][unknowns + 1];
        for (int i = 0; i < unknowns; i++) {
            scale[i] = Math.sqrt(matrix[i][i]);
        }
        for (int i = 0; i < unknowns; i++) {
            for (int j = 0; j < unknowns; j++) {
                work[i][j] = matrix[i][j] / scale[i] / scale[j];
            }
            work[i][unknowns] = vector[i] / scale[i];
        }
        for (int i = 0; i < unknowns; i++) {
            if (!(Math.abs(work[i][i]) > 1e-12)) {
                return null;
            }
            for (int k = 0; k < unknowns; k++) {
                double by = k == i ? 0 : work[k][i] / work[i][i];
                for (int j = i; j <= unknowns; j++) {
                    work[k][j] -= by * work[i][j];
                }
            }
        }
        var solution = new double[unknowns];
        for (int i = 0; i < unknowns; i++) {
            solution[i] = work[i][unknowns] / work[i][i] / scale[i];
        }
        return solution;
    }
}
