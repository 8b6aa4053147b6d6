// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.engine.analysis.DeclarationReader;
import mimir.engine.analysis.Offer;

/**
 * An analyser as nobody should write one. Immutable.
 *
 * @param name as it is attached
 * @param type what it attaches
 * @param analyzer what it does with a frame
 */
record Hostile(String name, Class<? extends Kept> type, Analyzer analyzer) {
    private static final int CHUNK = 1 << 16;
    private static final int CHUNKS_A_FRAME = 274; // at 60 frames a second a little more than 1 GiB each second
    private static final long BUDGET_US = 20_000;
    private static volatile Object eaten = "";

    /**
     * One that sleeps 10 s, one that throws, one that never comes back, one that allocates 1 GiB/s.
     *
     * @param never lets all go when a trial is over
     */
    static List<Hostile> all(CountDownLatch never) {
        return List.of(
                new Hostile("sleep", Kept.Slept.class, (input, results) ->
                        results.attach(Kept.Slept.class).item(never.await(10, TimeUnit.SECONDS) ? 1 : 0)),
                new Hostile("throw", Kept.Thrown.class, (input, results) -> {
                    results.attach(Kept.Thrown.class).item(1);
                    throw new IllegalStateException("the lens cap is on");
                }),
                new Hostile("spin", Kept.Spun.class, (input, results) -> {
                    results.attach(Kept.Spun.class).item(1);
                    while (never.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                }),
                new Hostile("eat", Kept.Eaten.class, (input, results) -> {
                    for (int chunk = 0; chunk < CHUNKS_A_FRAME; chunk++) {
                        eaten = new byte[CHUNK];
                    }
                    results.attach(Kept.Eaten.class).item(CHUNKS_A_FRAME);
                }));
    }

    Offer offer() {
        var declared = DeclarationReader.read(Map.of(Analysis.PREFIX_ + "name", name, Analysis.PREFIX_ + "outputs",
                new String[] {type.getName()}, Analysis.PREFIX_ + "budgetMicros", BUDGET_US), name, "mimir.bench",
                Class::forName);
        return new Offer(declared, new Offer.Instances() {
            @Override
            public Analyzer make() {
                return analyzer;
            }

            @Override
            public void giveBack(Analyzer given) {
                // it holds nothing
            }
        });
    }
}
