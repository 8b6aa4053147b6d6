// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.shell.line.CommandLineParser;
import mimir.shell.remote.Call;
import mimir.shell.remote.Calling;

/**
 * {@code ./mimir exec --to NAME 'COMMANDS'}: a process that gives commands to a running instance and starts no
 * platform. When it ends, by Ctrl-C too, the instance gives the commands up and nothing else.
 *
 * <p>Threads: confined to the main thread.
 */
public final class ExecMain {
    private static final int USAGE = 2;

    private ExecMain() {
    }

    public static void main(String[] args) {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> words) {
        try {
            if (words.contains("--help") || words.contains("-h")) {
                System.out.print(CommandLineParser.help());
                return 0;
            }
            var wanted = CommandLineParser.execTo(words);
            var folder = RuntimeFolder.existing(System.getenv()).orElseThrow(() -> nobody(wanted.name()));
            require(folder, wanted.name());
            var calling = new Calling(wanted.name(), folder.socket(wanted.name()),
                new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err));
            return calling.call(new Call(Path.of("").toAbsolutePath(), wanted.commands()),
                () -> isRunning(folder, wanted.name()));
        } catch (BadInputException usage) {
            Console.say(usage.getMessage());
            return USAGE;
        } catch (LaunchException | IOException failure) {
            Console.say(failure.getMessage());
            return Main.FAILURE;
        }
    }

    private static void require(RuntimeFolder folder, String name) throws LaunchException, IOException {
        var names = folder.running().stream().map(Instance.Card::name).toList();
        if (names.isEmpty()) {
            throw nobody(name);
        }
        if (!names.contains(name)) {
            throw new BadInputException("there is no instance '" + name + "'; there "
                + (names.size() == 1 ? "is " : "are ") + names.stream().collect(Collectors.joining(", ")));
        }
    }

    private static LaunchException nobody(String name) {
        return new LaunchException("there is no instance '" + name + "' in " + RuntimeFolder.usual(System.getenv())
            + ", and no other of this user; start one first, such as ./mimir run --name " + name);
    }

    private static boolean isRunning(RuntimeFolder folder, String name) {
        try {
            return Instance.card(folder.lock(name)).isPresent();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
