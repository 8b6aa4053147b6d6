// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.rig.Devices;
import mimir.api.rig.Devices.State;
import mimir.api.source.DeviceFault;
import mimir.api.source.Source;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Stops one device and starts it anew; the others of its driver go on. Thread-safe. */
final class RestartCommand implements Command {
    private final Services services;

    RestartCommand(Services services) {
        this.services = services;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("restart", "stop one device and start it anew; the others go on", "SOURCE", 1, 1,
                Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var source = named(given.arguments().getFirst());
        var restarted = services.need(Swapper.class, "mimir.swap").restart(source);
        boolean done = restarted.outcome() == Swapped.Outcome.SWAPPED;
        if (given.has("--json")) {
            var answer = Json.answer("reason", restarted.reason(), "sources",
                    SwapCommand.GAPS.values(restarted.sources()));
            return done ? answer : answer.failed(restarted.reason());
        }
        return done ? Answer.of(source + ": restarted\n" + (restarted.sources().isEmpty() ? ""
                : SwapCommand.GAPS.table(restarted.sources()))) : Answer.of("").failed(restarted.reason());
    }

    /** One that cannot run is told of by its fault alone where no rig names it. */
    private String named(String word) {
        boolean faulty = services.all(DeviceFault.class).stream().anyMatch(fault -> fault.id().equals(word));
        if (faulty) {
            return word;
        }
        var id = SourceWords.one(services, word);
        boolean stopped = services.find(Devices.class).map(Devices::list).orElse(List.of()).stream()
                .anyMatch(device -> device.id().equals(id) && device.state() == State.STOPPED);
        if (stopped) {
            throw new BadInputException(id + " is stopped; start " + id + " lets it go on");
        }
        return id;
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        if (!arguments.isEmpty()) {
            return List.of();
        }
        var names = new TreeSet<String>();
        services.all(Source.class).forEach(source -> names.add(source.id()));
        services.all(DeviceFault.class).forEach(fault -> names.add(fault.id()));
        return List.copyOf(names);
    }
}
