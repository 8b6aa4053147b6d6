// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** All commands, in the order of help. Thread-safe. */
final class Commands {
    private static final Pattern PLAIN = Pattern.compile("[\\w\\s:;./~-]*");

    private final List<Command> all;
    private final Services services;

    Commands(Services services) {
        this(services, null);
    }

    /** @param log file of the log; null where there is none */
    Commands(Services services, Path log) {
        this.services = services;
        all = List.of(new SourcesCommand(services), new AliasCommand(services), DeviceCommand.start(services),
                DeviceCommand.stop(services), new SetCommand(services), new SnapshotCommand(services),
                new LevelsCommand(services), new ProbeCommand(services), new RingsCommand(services),
                new ReservoirCommand(services), new WindowCommand(services), new ExportCommand(services),
                new SyncCommand(services), new AlignCommand(services), new SwapCommand(services),
                new SwapsCommand(services), new RestartCommand(services), new InstallCommand(services),
                new DeploysCommand(services), new TrustCommand(services),
                new AnalysersCommand(services), new AttachCommand(services), new DetachCommand(services),
                new EnableCommand(services), new ResultsCommand(services), new TypesCommand(services),
                new ThreadsCommand(services), new ReportCommand(services), new RigsCommand(services),
                new RigCommand(services), new LogCommand(log), new HelpCommand(this::known), new ExitCommand());
    }

    List<Command> all() {
        return all;
    }

    /** These and those of other bundles, for help and completion. */
    List<Command> known() {
        return Stream.concat(all.stream(), OtherCommand.all(services).stream()).toList();
    }

    /** False only for plain words and {@code ;}, all of whose commands say the same without devices. */
    boolean needRig(String text) {
        return !PLAIN.matcher(text).matches()
                || !Stream.of(text.split(";")).map(String::strip).filter(one -> !one.isEmpty()).allMatch(this::isAlone);
    }

    private boolean isAlone(String plain) {
        var name = plain.split("\\s+")[0];
        return all.stream().filter(command -> !command.needsRig()).map(command -> command.syntax().name())
                .anyMatch(own -> name.equals(own) || name.equals("mimir:" + own));
    }
}
