// SPDX-License-Identifier: Apache-2.0
package mimir.bench.calls;

import java.util.List;
import mimir.bench.Case;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Single operations by JMH; the JVM of the trial is JMH's fork. Confined: run once. */
public record Jmh(Class<?> benchmarks) implements Trial {
    private static final String NAME = "calls";
    private static final int WHOLE_MS = 300;

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        Trial ring = (scale, results) -> {
            new Looking().run(scale, results);
            new Jmh(Publishing.class).run(scale, results);
        };
        return List.of(new Case(NAME, "ring", () -> ring),
                new Case(NAME, "crossing", () -> new Jmh(Crossing.class)));
    }

    @Override
    public void run(Scale scale, Results results) throws Exception {
        var time = TimeValue.milliseconds(scale.of(WHOLE_MS));
        var options = new OptionsBuilder().include(benchmarks.getName().replace(".", "\\.") + "\\.").forks(0)
                .warmupIterations(3).warmupTime(time).measurementIterations(5).measurementTime(time)
                .verbosity(VerboseMode.SILENT).build();
        for (var result : new Runner(options).run()) {
            var name = result.getParams().getBenchmark();
            results.note(name.substring(name.lastIndexOf('.') + 1) + ".ns", result.getPrimaryResult().getScore());
        }
    }
}
