// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where Mimir keeps what it must know at the next start: {@code MIMIR_STATE}, else {@code mimir} in
 * {@code XDG_STATE_HOME}, else {@code ~/.local/state/mimir}. Bundles find it as framework property {@code mimir.state}.
 *
 * <p>Threads: immutable.
 */
final class StateFolder {
    /** Framework property: path of the folder. It is missing where a user has no place for one. */
    static final String PROPERTY = "mimir.state";
    private static final String CHOSEN = "MIMIR_STATE";

    private StateFolder() {
    }

    /**
     * The folder, made where it is missing. Nobody's home is a reason not to start: there a line on standard error
     * says what is not kept.
     *
     * @throws LaunchException when the folder was named and cannot be used, or others could have changed what it holds
     */
    static Optional<Path> make(Map<String, String> environment) throws LaunchException {
        try {
            return Optional.of(PrivateFolder.make(path(environment)));
        } catch (IOException | InvalidPathException e) {
            var why = "Mimir's folder for what it keeps cannot be made (" + Console.oneLine(e.toString()) + "): ";
            if (environment.containsKey(CHOSEN)) {
                throw new LaunchException(why + "name another in " + CHOSEN + ".");
            }
            Console.say(why + "nothing is kept for the next start; " + CHOSEN + " names another.");
            return Optional.empty();
        }
    }

    private static Path path(Map<String, String> environment) {
        var chosen = environment.getOrDefault(CHOSEN, "");
        if (!chosen.isEmpty()) {
            return Path.of(chosen).toAbsolutePath();
        }
        var states = environment.getOrDefault("XDG_STATE_HOME", "");
        if (!states.isEmpty() && Path.of(states).isAbsolute()) { // the XDG rules: a relative one is not there
            return Path.of(states, "mimir");
        }
        var home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home, ".local", "state", "mimir");
    }
}
