// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Writes {@code mimir_sim_config} of mimir_sim.h: words of eight bytes, in the order of its members. Confined to one
 * call.
 *
 * <pre>
 *    0               200              712                                    1096
 *    +---------------+----------------+--------------------------------------+
 *    |25 single words|missing[64]     |moments[16]: what, at ns, value ns    |
 *    +---------------+----------------+--------------------------------------+
 * </pre>
 */
final class SimConfig {
    static final int WORDS = 25;
    static final int MISSING = 64;
    static final int MOMENTS = 16;
    static final long MISSING_OFFSET = WORDS * 8L;
    static final long MOMENTS_OFFSET = MISSING_OFFSET + MISSING * 8L;
    static final long BYTES = MOMENTS_OFFSET + MOMENTS * 24L;

    private final MemorySegment memory;
    private long at;

    private SimConfig(MemorySegment memory) {
        this.memory = memory;
    }

    /** The struct for a scenario whose format has entry {@code formatId} in its ring. */
    static MemorySegment of(Scenario scenario, int formatId, Arena arena) {
        var config = new SimConfig(arena.allocate(BYTES, 8));
        config.mode(scenario, formatId);
        config.times(scenario);
        config.faults(scenario);
        return config.memory;
    }

    private void mode(Scenario scenario, int formatId) {
        var format = scenario.mode().format();
        put(BYTES).put(scenario.mode().audio() ? 1 : 0).put(format.code()).put(formatId);
        put(format.width()).put(format.height()).put(format.rateNumerator()).put(format.rateDenominator());
        put(format.deviceTickHz()).put(scenario.seed());
    }

    private void times(Scenario scenario) {
        var clock = scenario.clock();
        var jitter = scenario.jitter();
        put(Math.round(scenario.phaseMs() * 1e6));
        put(clock.driftPpm()).put(clock.wanderPpm()).put(clock.wanderPeriodS() * 1e9);
        put(Math.round(jitter.delayUs() * 1e3)).put(jitter.medianUs() * 1e3).put(jitter.sigma());
        put(jitter.tailProbability()).put(jitter.tailMeanUs() * 1e3).put(Math.round(scenario.batchMs() * 1e6));
    }

    private void faults(Scenario scenario) {
        var missing = scenario.missing();
        put(missing.probability()).put(Math.round(scenario.eventsPeriodMs() * 1e6)).put(scenario.hangOnStop() ? 1 : 0);
        put(missing.numbers().size()).put(scenario.moments().size());
        for (long number : missing.numbers()) {
            put(number);
        }
        at = MOMENTS_OFFSET;
        for (var moment : scenario.moments()) {
            put(moment.what().ordinal() + 1).put(moment.atNs()).put(moment.valueNs());
        }
    }

    private SimConfig put(long word) {
        memory.set(ValueLayout.JAVA_LONG, at, word);
        at += Long.BYTES;
        return this;
    }

    private SimConfig put(double word) {
        return put(Double.doubleToRawLongBits(word));
    }
}
