// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import mimir.api.report.Reporter;
import mimir.api.rig.Rigs;
import mimir.api.rig.Rigs.Rig;
import mimir.shell.command.Services;
import mimir.shell.line.CommandLine.Choice;
import org.apache.felix.service.command.CommandProcessor;

/** What all modes need: the rig up before, and down after. Thread-safe.
 *
 * @param ending set once the platform stops: nothing is taken down or told any more */
record Stage(Services services, CommandProcessor processor, AtomicBoolean ending) {
    private static final Duration BUNDLES_START = Duration.ofSeconds(5);
    private static final Duration SOURCES_COME = Duration.ofSeconds(30);
    private static final Duration SOURCES_GO = Duration.ofSeconds(10);

    /** Runs the body while the sources of a rig are up. Blocks. */
    int play(Choice choice, ToIntFunction<Rig> body) {
        var rigs = service(Rigs.class, "mimir.engine");
        var rig = rigs.load(choice.name(), choice.variables());
        try {
            rigs.awaitSources(SOURCES_COME);
            return stopping() ? Faults.DONE : body.applyAsInt(rig);
        } finally {
            if (!stopping()) {
                rigs.unload(SOURCES_GO); // when the platform stops, it takes them away itself
            }
        }
    }

    /** Runs the body in a session on a rig; the account of the run begins with it. Blocks. */
    int session(Choice choice, Function<Session, Integer> body) {
        return play(choice, rig -> {
            services.find(Reporter.class).ifPresent(reporter -> reporter.begin(Duration.ZERO));
            return session(body);
        });
    }

    /** Runs the body in a session without a rig. Blocks. */
    int session(Function<Session, Integer> body) {
        try (var session = new Session(processor)) {
            return body.apply(session);
        }
    }

    boolean stopping() {
        return ending.get();
    }

    void stop() {
        ending.set(true);
    }

    /** A service that the mode cannot do without; bundles may still be starting. Blocks. */
    <T> T service(Class<T> type, String who) {
        return services.await(type, BUNDLES_START).orElseThrow(() -> Services.missing(who));
    }
}
