// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What can be set of a device while it runs. A driver registers it beside the {@link Source}, with the properties of
 * {@link DeviceIdentity#properties}, before the device sends its first item: whoever remembers values for this device
 * writes them in the registration call, so that they hold from the first item on. What was written holds as long as
 * the registration, through an unplugging and plugging in again too. Thread-safe; control threads; a call may take a
 * few milliseconds of the device's bus, and allocates. Never takes a lock that a media thread takes.
 */
@ProviderType
public interface Controls {
    /** Identity of the source. */
    String id();

    /** Every control with the value that the device has now, in the order in which people want to see them. */
    List<Control> read();

    /**
     * Sets several at once: the next item has all of them, or none.
     *
     * @param values by name, each as {@link Control#check} of its control gives it
     * @throws mimir.api.BadInputException for a control that the device does not have, or a value that it does not
     * take; then nothing was set
     * @throws IllegalStateException when the device refuses or is gone; the sentence says what to do
     */
    void write(Map<String, Object> values);
}
