// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * One run from its begin to its end: the sample at the end of the warm-up and the one at the end. Until a run is begun
 * the account is that of the platform since its start. Thread-safe.
 */
final class Account {
    private final Supplier<Sample> sampler;
    private Duration warmup = Duration.ZERO; // guarded by this
    private Sample begun;                    // guarded by this
    private Sample warm;                     // guarded by this
    private Sample ended;                    // guarded by this

    Account(Supplier<Sample> sampler) {
        this.sampler = sampler;
        begun = sampler.get();
        warm = begun;
    }

    synchronized void begin(Duration warmupNow) {
        warmup = warmupNow;
        begun = sampler.get();
        warm = warmupNow.isZero() ? begun : null;
        ended = null;
    }

    /** Takes the sample at the end of the warm-up when its time has come; called again and again. */
    synchronized void tick() {
        if (warm == null && ended == null && System.nanoTime() - begun.atNs() >= warmup.toNanos()) {
            warm = sampler.get();
        }
    }

    synchronized void end() {
        if (ended == null) {
            ended = sampler.get();
        }
    }

    /** From the end of the warm-up, or from the begin while that is not over, to the end, or to now. */
    synchronized Span span() {
        return new Span(begun, warm != null ? warm : begun, ended != null ? ended : sampler.get());
    }

    /**
     * Three samples of one run. Immutable.
     *
     * @param begin at its begin
     * @param from at the end of the warm-up; the begin when the warm-up was not over
     * @param to at its end
     */
    record Span(Sample begin, Sample from, Sample to) {
        double durationS() {
            return (to.atNs() - begin.atNs()) / 1e9;
        }

        double warmupS() {
            return (from.atNs() - begin.atNs()) / 1e9;
        }

        double measuredS() {
            return Math.max(1e-9, (to.atNs() - from.atNs()) / 1e9);
        }
    }
}
