// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.shell.command.GogoCommands;
import mimir.shell.command.Services;
import mimir.shell.line.CommandLine;
import mimir.shell.line.CommandLineParser;
import mimir.shell.remote.Door;
import org.apache.felix.service.command.CommandProcessor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Does what the process was started for, and ends it; what stays up goes on when this bundle, or one that it needs, is
 * updated. It comes up only where the launcher has told its arguments and how to end; elsewhere this bundle offers its
 * commands and nothing else. Thread-safe.
 */
@Component(service = {}, immediate = true)
public final class Shell {
    /** Well below what a stop may take; a thread in a read that does not end goes with the process. */
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** Whose commands this thread runs; Gogo starts threads of its own for them, which inherit it. */
    private static final InheritableThreadLocal<Shell> OWN = new InheritableThreadLocal<>();

    private final BundleContext context;
    private final IntConsumer exit;
    private final String version;
    private final Stage stage;
    private final Mode mode;
    private final Door door;
    private final Worker worker;
    private final boolean staysUp;
    private volatile Thread thread;
    private volatile boolean onlyThis;

    /** Begins at once, on a thread of its own. */
    @Activate
    public Shell(BundleContext context, @Reference Workers workers, @Reference CommandProcessor processor,
            @Reference Services services, @Reference GogoCommands commands,
            @Reference(service = LoggerFactory.class) Logger log,
            @Reference(target = "(mimir.exit=true)") IntConsumer exit,
            @Reference(service = Object.class, target = "(&(launcher.arguments=*)(launcher.ready=true))")
            Map<String, Object> launcher) {
        this.exit = exit;
        this.version = "Mimir " + context.getBundle().getVersion();
        var arguments = List.of((String[]) launcher.get("launcher.arguments"));
        this.staysUp = context.getProperty("mimir.instance") != null; // a prompt, a pipe or a run
        this.context = context;
        this.stage = new Stage(services, processor, new Memory(context.getDataFile("begun"),
                launcher.get(Constants.SERVICE_ID).toString(), log));
        this.mode = mode(arguments, commands, path(context.getProperty("mimir.state")), log);
        this.door = door(context, workers, log);
        this.worker = workers.start("shell", WorkClass.NORMAL, false, this::run);
    }

    /** Null for a process without a name, and where the system gives no socket. */
    private Door door(BundleContext context, Workers workers, Logger log) {
        var socket = path(context.getProperty("mimir.instance.socket"));
        if (socket == null) {
            return null;
        }
        try {
            return new Door(socket, workers, log, (call, out, err) -> stage.call(call, out, err, exit));
        } catch (IOException | RuntimeException e) {
            log.warn("nobody can give commands to this Mimir from another terminal: no socket at {}", socket, e);
            return null;
        }
    }

    private static Path path(String told) {
        return told == null ? null : Path.of(told);
    }

    private Mode mode(List<String> arguments, GogoCommands commands, Path state, Logger log) {
        try {
            return switch (CommandLineParser.parse(arguments)) {
                case CommandLine.Help help -> self -> say(CommandLineParser.help());
                case CommandLine.Version wanted -> self -> say(version);
                case CommandLine.Run run -> new RunMode(stage, run);
                case CommandLine.Exec exec when commands.needRig(exec.commands()) ->
                    self -> stage.session(exec.rig(), session -> session.run(exec.commands()));
                case CommandLine.Exec exec -> self -> stage.session(session -> session.run(exec.commands()));
                case CommandLine.Proof proof -> self -> stage.session(session ->
                    session.proof(proof.command(), proof.words()));
                case CommandLine.Console console when stage.memory().former().isPresent() ->
                    self -> stage.stay(console.rig(), self);
                case CommandLine.Console console when isTerminal() ->
                    new PromptMode(stage, console, commands.completion(), state, log);
                case CommandLine.Console console -> new PipeMode(stage, console);
            };
        } catch (RuntimeException e) {
            return self -> Faults.tell(e, Streams.ERR);
        }
    }

    /** Both of them: a person types and a person reads. */
    private static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    private static int say(String text) {
        Streams.OUT.println(text.stripTrailing());
        return Faults.DONE;
    }

    private void run(Worker self) {
        thread = Thread.currentThread();
        OWN.set(this);
        int code = outcome(self);
        if (onlyThis && staysUp) {
            return;
        }
        if (Streams.OUT.checkError() && code == Faults.DONE) {
            Streams.ERR.println("standard output could not be written; what was said there is lost");
            code = Faults.FAILURE;
        }
        exit.accept(code);
    }

    /** Whatever happens, the process gets its code: a shell that died would leave it running for ever. */
    private int outcome(Worker self) {
        try {
            return mode.run(self);
        } catch (RuntimeException | Error e) {
            return stage.stopping() ? Faults.FAILURE : Faults.tell(e, Streams.ERR);
        }
    }

    /** The launcher takes its way to end back before it stops the framework; else this is an update of some bundle. */
    private boolean isEnding() {
        try {
            return context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() != Bundle.ACTIVE
                    || context.getServiceReferences(IntConsumer.class, "(mimir.exit=true)").isEmpty();
        } catch (InvalidSyntaxException e) {
            throw new AssertionError("a constant filter", e);
        }
    }

    @Deactivate
    void stop() {
        onlyThis = !isEnding();
        stage.stop();
        if (door != null) {
            door.close();
        }
        if (onlyThis && OWN.get() == this) {
            worker.stop(Duration.ZERO); // its own command updates this: an interrupt would break that off half-way
            return;
        }
        var running = thread;
        if (running != null) {
            running.interrupt(); // it may wait for input or for a command, which know no worker
        }
        worker.stop(PATIENCE);
    }
}
