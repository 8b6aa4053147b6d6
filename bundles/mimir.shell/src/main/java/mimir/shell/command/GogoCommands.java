// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import mimir.api.BadInputException;
import mimir.shell.line.Given;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Gives the commands to Gogo, in the scope {@code mimir}. Gogo does not tell a function the name it was called by, so
 * each command is a service of its own. Thread-safe.
 */
@Component(service = GogoCommands.class, immediate = true)
public final class GogoCommands {
    /** Variable of a session: the Integer to end with, once a command asked for the end. */
    public static final String EXIT = "mimir.exit";

    /** Variable of a session: the Path of the folder from which names of files are meant; else the process's own. */
    public static final String FOLDER = "mimir.folder";

    /** Variable of a session: its {@link Waiting}, where there is one. */
    public static final String WAITING = "mimir.waiting";

    private final Commands commands;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Registers all commands. */
    @Activate
    public GogoCommands(BundleContext context, @Reference Services services) {
        var log = context.getProperty("mimir.log");
        commands = new Commands(services, log == null ? null : Path.of(log));
        for (var command : commands.all()) {
            var properties = new Hashtable<String, Object>();
            properties.put(CommandProcessor.COMMAND_SCOPE, "mimir");
            properties.put(CommandProcessor.COMMAND_FUNCTION, new String[] {command.syntax().name()});
            registrations.add(context.registerService(Function.class, function(command), properties));
        }
    }

    /** What words may become. */
    public Completion completion() {
        return new Completion(commands::known);
    }

    /** False when these commands can do without devices: then no rig need be brought up for them. */
    public boolean needRig(String text) {
        return commands.needRig(text);
    }

    static Function function(Command command) {
        return (session, arguments) -> {
            if (session.get(EXIT) == null) {
                var words = arguments.stream().map(GogoCommands::word).toList();
                var given = command.syntax().parse(words);
                say(session, answer(session, command, given));
            }
            return null;
        };
    }

    /** A variable that nobody has set is null, and would become the name {@code null}. */
    private static String word(Object argument) {
        if (argument == null) {
            throw new BadInputException("one of the words is a variable that has no value; set it, or put the word in"
                    + " quotes");
        }
        return argument.toString();
    }

    private static Answer answer(CommandSession session, Command command, Given given) {
        var folder = session.get(FOLDER) instanceof Path path ? path : Path.of("");
        var waiting = session.get(WAITING) instanceof Waiting ofSession && command.givenUpAlone() ? ofSession
                : new Waiting();
        waiting.begin();
        try {
            return ScopedValue.where(WholeFile.FOLDER, folder)
                    .call(() -> command.run(given, System.err::println, System.out::println));
        } finally {
            waiting.end();
        }
    }

    /** Standard output is what Gogo makes it for this thread: the console, or the next command of a pipe. */
    private static void say(CommandSession session, Answer answer) {
        if (!answer.text().isEmpty()) {
            System.out.println(answer.text());
        }
        answer.exit().ifPresent(code -> session.put(EXIT, code));
        if (answer.failure() != null) {
            throw new IllegalStateException(answer.failure());
        }
    }

    @Deactivate
    void close() {
        registrations.forEach(ServiceRegistration::unregister);
    }
}
