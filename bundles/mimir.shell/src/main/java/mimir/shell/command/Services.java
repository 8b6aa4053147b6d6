// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The services of the platform, each of which may be absent at any time. Thread-safe. */
public interface Services {
    /** The service of a type, if there is one now. */
    <T> Optional<T> find(Class<T> type);

    /** All services of a type. */
    <T> List<T> all(Class<T> type);

    /** The service of a type, waiting for it as long as {@code atMost}. Blocks. */
    <T> Optional<T> await(Class<T> type, Duration atMost);

    /** What is told of each service of a type, by the names of its service properties. */
    default <T> List<Map<String, Object>> properties(Class<T> type) {
        return List.of();
    }

    /**
     * The service of a type.
     *
     * @param who the bundle that provides it, for the sentence
     * @throws IllegalStateException when nobody provides it
     */
    default <T> T need(Class<T> type, String who) {
        return find(type).orElseThrow(() -> missing(who));
    }

    /** The sentence about a bundle that is not there. */
    static IllegalStateException missing(String who) {
        return new IllegalStateException(who + " does not run: 'lb " + who
                + "' shows its state, and warnings above say why");
    }
}
