// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import mimir.api.report.Reporter;
import mimir.api.rig.Rigs;
import mimir.api.rig.Rigs.Rig;
import mimir.api.swap.Deployer;
import mimir.api.work.Worker;
import mimir.shell.command.Services;
import mimir.shell.line.CommandLine.Choice;
import mimir.shell.remote.Call;
import org.apache.felix.service.command.CommandProcessor;

/** What all modes need: the rig up before, and down after. Thread-safe.
 *
 * @param ending set once the platform stops: nothing is taken down or told any more
 * @param up open once the sources of the rig are up
 * @param memory knows a rig that a former life of this shell brought up */
record Stage(Services services, CommandProcessor processor, AtomicBoolean ending, CountDownLatch up, Memory memory) {
    private static final Duration BUNDLES_START = Duration.ofSeconds(5);
    private static final Duration BUNDLES_COME = Duration.ofSeconds(10);
    private static final Duration SOURCES_COME = Duration.ofSeconds(30);
    private static final Duration SOURCES_GO = Duration.ofSeconds(10);

    Stage(Services services, CommandProcessor processor, Memory memory) {
        this(services, processor, new AtomicBoolean(), new CountDownLatch(1), memory);
    }

    /** Runs the body while the sources of a rig are up. Blocks. */
    int play(Choice choice, ToIntFunction<Rig> body) {
        var rigs = service(Rigs.class, "mimir.engine");
        boolean again = memory.former().isPresent();
        if (!again) {
            bringIn(choice.load());
        }
        var runs = rigs.current().filter(any -> again); // not so when the engine began anew as well
        var rig = runs.orElseGet(() -> rigs.load(choice.name(), choice.variables()));
        try {
            if (runs.isEmpty()) {
                rigs.awaitSources(SOURCES_COME);
            }
            if (!again) {
                memory.keep(System.nanoTime());
            }
            up.countDown();
            return stopping() ? Faults.DONE : body.applyAsInt(rig);
        } finally {
            if (!stopping()) {
                rigs.unload(SOURCES_GO); // when the platform stops, it takes them away itself
            }
        }
    }

    /** Drivers and analysers out of the folder that is watched come before the rig that may name them. */
    private void bringIn(Path load) {
        if (load != null) {
            service(Deployer.class, "mimir.swap").watch(load);
        }
        services.find(Deployer.class).ifPresent(deployer -> deployer.settle(BUNDLES_COME));
    }

    /** Keeps a rig whose prompt or pipe went with a former life of this shell. Blocks until Mimir stops. */
    int stay(Choice choice, Worker self) {
        return play(choice, rig -> {
            Streams.ERR.println("the shell began anew and reads no more lines here; ./mimir exec --to gives commands");
            while (!stopping()) {
                self.pause(Long.MAX_VALUE);
            }
            return Faults.DONE;
        });
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

    /** Commands of another process, once the rig is up; one that does not come up can be looked at. Blocks. */
    int call(Call call, PrintStream out, PrintStream err, IntConsumer exit) {
        try (var session = new Session(processor, out, err)) {
            session.in(call.folder());
            if (!up.await(SOURCES_COME.toMillis(), TimeUnit.MILLISECONDS)) {
                err.println("the rig is not up yet");
            }
            int code = session.run(call.commands());
            session.exit().ifPresent(exit::accept);
            return code;
        } catch (InterruptedException givenUp) {
            return Faults.tell(givenUp, err);
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
