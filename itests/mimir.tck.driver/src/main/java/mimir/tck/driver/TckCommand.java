// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import mimir.api.rig.Rigs;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.Rings;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code mimir:tck}: puts a driver through the kit. Thread-safe; blocks for as long as the checks take. */
@Component(service = Function.class,
        property = {"osgi.command.scope=mimir", "osgi.command.function=tck"})
public final class TckCommand implements Function {
    private final Platform platform;

    /** In the platform of this bundle. */
    @Activate
    public TckCommand(BundleContext context, @Reference Rigs rigs, @Reference Rings rings, @Reference Swapper swapper,
            @Reference Workers workers) {
        platform = new Platform(context, rigs, rings, swapper, workers);
    }

    @Override
    public Object execute(CommandSession session, List<Object> words) {
        if (words.contains("--help") || words.contains("-h")) {
            return Arguments.help();
        }
        var arguments = Arguments.parse(words.stream().map(String::valueOf).toList());
        var out = session.getConsole();
        var candidate = Candidate.bring(platform, arguments.given());
        var plan = candidate.plan(platform, arguments.rig());
        out.println("putting " + candidate.name() + " " + candidate.version() + " through " + arguments.checks().size()
                + " checks");
        try (var hiccups = new Hiccups(platform.workers())) {
            var stand = new Stand(platform, candidate.name(), plan, arguments.effort(), hiccups);
            var findings = new Kit(stand, platform.workers(), out::println).run(arguments.checks());
            return conclude(arguments, new Report(candidate, arguments.effort(), findings));
        }
    }

    private static String conclude(Arguments arguments, Report report) {
        try {
            if (arguments.json() != null) {
                Report.write(arguments.json(), report.json());
            }
            if (arguments.page() != null) {
                Report.write(arguments.page(), report.page());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("a report in memory could not be written", impossible);
        }
        var faults = report.faults();
        if (!faults.isEmpty()) {
            throw new IllegalStateException(report.candidate().name() + " does not conform: " + faults.size() + " of "
                    + report.findings().size() + " checks did not pass (" + String.join(", ", faults)
                    + "); docs/write-a-driver.md says how to pass them");
        }
        return report.candidate().name() + " conforms: " + report.sum();
    }
}
