// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

/** One mechanism under one load, in a JVM of its own. Confined: run once. */
@FunctionalInterface
public interface Trial {
    /**
     * Measures and notes every figure. Blocks until done.
     *
     * @throws Exception when nothing could be measured; its message is shown to people
     */
    void run(Scale scale, Results results) throws Exception;
}
