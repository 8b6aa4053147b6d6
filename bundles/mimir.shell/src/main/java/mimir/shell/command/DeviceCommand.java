// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.rig.Devices;
import mimir.api.rig.Devices.State;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** {@code start} and {@code stop}: single devices, while their neighbours go on. Thread-safe. */
final class DeviceCommand implements Command {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int ANY = Integer.MAX_VALUE;

    private final Services services;
    private final boolean start;

    private DeviceCommand(Services services, boolean start) {
        this.services = services;
        this.start = start;
    }

    static DeviceCommand start(Services services) {
        return new DeviceCommand(services, true);
    }

    static DeviceCommand stop(Services services) {
        return new DeviceCommand(services, false);
    }

    @Override
    public Syntax syntax() {
        return start ? Syntax.of("start", "start devices that were stopped", "SOURCE…", 1, ANY, Json.OPTION)
                : Syntax.of("stop", "stop devices; their neighbours go on", "SOURCE…", 1, ANY, Json.OPTION);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var devices = services.need(Devices.class, "mimir.engine");
        var done = new ArrayList<String>();
        for (var id : meant(devices, given.arguments())) {
            if (start) {
                devices.start(id, PATIENCE);
            } else {
                devices.stop(id, PATIENCE);
            }
            done.add(id);
        }
        return given.has("--json") ? Json.answer("done", start ? "start" : "stop", "sources", done)
                : Answer.of(Names.list(done) + (done.size() == 1 ? " is " : " are ")
                + (start ? "running" : "stopped"));
    }

    /** A pattern means those that it can be done with. */
    private List<String> meant(Devices devices, List<String> words) {
        var meant = new ArrayList<String>();
        for (var word : words) {
            try {
                var named = devices.named(word);
                meant.addAll(named.size() == 1 ? named : named.stream().filter(id -> devices.list().stream()
                        .anyMatch(device -> device.id().equals(id)
                        && start == (device.state() == State.STOPPED))).toList());
            } catch (BadInputException unknown) {
                throw new BadInputException(unknown.getMessage() + "; for a bundle there is felix:"
                        + (start ? "start, with its number, which lb shows" : "stop"));
            }
        }
        if (meant.isEmpty()) {
            throw new BadInputException("all of " + String.join(" ", words) + (start ? " run" : " are stopped")
                    + " already");
        }
        return meant.stream().distinct().toList();
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return services.find(Devices.class).map(Devices::list).orElse(List.of()).stream()
                .filter(device -> start == (device.state() == State.STOPPED)).map(Devices.Device::id)
                .filter(id -> !arguments.contains(id)).toList();
    }
}
