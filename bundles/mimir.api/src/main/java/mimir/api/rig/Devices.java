// SPDX-License-Identifier: Apache-2.0
package mimir.api.rig;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.source.Control;
import mimir.api.source.DeviceIdentity;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The devices of the loaded rig, and every other source, by the names that people give them. Thread-safe; control
 * threads; allocates, and blocks where it says so.
 */
@ProviderType
public interface Devices {
    /** All devices, in order of their ids: those of the rig, running or not, and sources that nobody configured. */
    List<Device> list();

    /**
     * The sources that a word means: an id, an alias, what a device tells of itself (serial number, path, model, the
     * name in lists), the beginning of an id or an alias that only one of them has, or a pattern of ids and aliases
     * with {@code *} and {@code ?}.
     *
     * @return ids, at least one, in order; more than one for a pattern only
     * @throws mimir.api.BadInputException when it means none, or may mean several; the sentence names the candidates
     */
    List<String> named(String word);

    /**
     * The one source that a word means, as {@link #named}.
     *
     * @throws mimir.api.BadInputException also for a pattern that several fit
     */
    default String one(String word) {
        var named = named(word);
        if (named.size() == 1) {
            return named.getFirst();
        }
        throw new BadInputException("'" + word + "' means " + String.join(", ", named)
                + "; name one of them");
    }

    /** All aliases, in order of their names: those that are kept, and those of the loaded rig. */
    List<Alias> aliases();

    /**
     * Gives a source a further name, which is kept from run to run and follows the device by its serial number. A name
     * that is taken moves to this source. Writes a file.
     *
     * @param word means one source, see {@link #one}
     * @param name a letter or digit, then letters, digits, dot, dash or underscore, at most 63 in all; no id of a
     * source
     * @return id of the source
     * @throws IllegalStateException when it cannot be kept; the sentence says why
     */
    String alias(String word, String name);

    /**
     * Takes an alias away. Writes a file.
     *
     * @throws mimir.api.BadInputException when there is none of this name
     */
    void removeAlias(String name);

    /**
     * Stops one device of the rig; its neighbours go on, and what it published stays readable. Blocks until its source
     * and its writer are gone.
     *
     * @throws mimir.api.BadInputException when the id is none of the rig's, or the device is stopped
     * @throws IllegalStateException when it did not go within {@code atMost}
     */
    void stop(String id, Duration atMost);

    /**
     * Starts a device that was stopped. Blocks until its source is there.
     *
     * @throws mimir.api.BadInputException when the id is none of the rig's, or the device is not stopped
     * @throws IllegalStateException when it did not come within {@code atMost}, or cannot run; the sentence says why
     */
    void start(String id, Duration atMost);

    /**
     * What can be set of a device, with its values; empty when nothing can.
     *
     * @throws mimir.api.BadInputException when no such source runs
     */
    List<Control> controls(String id);

    /**
     * Sets controls of a device, all of them or none; they are remembered for this device, by its identity, and set
     * again when it comes back after a swap, a stop, or at another port.
     *
     * @param values by name, as people type them
     * @return all controls, as they are now
     * @throws mimir.api.BadInputException for a name or a value that does not fit
     */
    List<Control> set(String id, Map<String, String> values);

    /**
     * The loaded rig as it runs now: its devices, with values in the place of variables, its aliases, the values of
     * controls, and which devices are stopped.
     *
     * @return text of a file for {@link Rigs#load}
     * @throws IllegalStateException when no rig is loaded
     */
    String rig();

    /**
     * A device. Immutable.
     *
     * @param id identity of its source
     * @param aliases names that people gave it, in order
     * @param driver symbolic name of the driver
     * @param device what people call it; empty while it does not run
     * @param identity what it tells of itself; {@link DeviceIdentity#NONE} while it does not run
     * @param state whether it runs
     * @param cause why it does not run, in a sentence; empty when it does or was stopped
     */
    record Device(String id, List<String> aliases, String driver, String device, DeviceIdentity identity, State state,
            String cause) {
        /** The list is copied. */
        public Device {
            aliases = List.copyOf(aliases);
        }
    }

    /** Whether a device runs. Immutable. */
    enum State {
        /** Its source is published. */
        RUNNING,
        /** Somebody stopped it. */
        STOPPED,
        /** Its driver says that it cannot run. */
        FAULTY,
        /** It is configured, and nobody publishes it: its driver is away, or has not come to it yet. */
        ABSENT
    }

    /**
     * A name that people gave a source. Immutable.
     *
     * @param name the alias
     * @param source id of the source that it means now, or meant when it was given
     * @param identity what the device told of itself when it was given
     * @param kept true when it stays from run to run; false when it belongs to the loaded rig
     * @param here true when its device is there
     */
    record Alias(String name, String source, DeviceIdentity identity, boolean kept, boolean here) {
    }
}
