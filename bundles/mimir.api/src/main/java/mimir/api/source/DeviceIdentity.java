// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import java.util.Dictionary;
import java.util.Hashtable;
import java.util.function.Function;

/**
 * What tells a device from others, as far as the device and its bus tell it. Immutable.
 *
 * @param model what it is: maker and type; empty when the device does not tell
 * @param serial its number, the same at every port; empty when it has none. Makers give the same one twice
 * @param path where it is plugged in: bus and port; empty when that means nothing
 */
public record DeviceIdentity(String model, String serial, String path) {
    /** Of a device that tells nothing. */
    public static final DeviceIdentity NONE = new DeviceIdentity("", "", "");

    /**
     * From service properties; what is not there is empty.
     *
     * @param properties looks a property up, such as {@code reference::getProperty}
     */
    public static DeviceIdentity of(Function<String, Object> properties) {
        return new DeviceIdentity(text(properties.apply(SourceProperties.MODEL)),
                text(properties.apply(SourceProperties.SERIAL)), text(properties.apply(SourceProperties.PATH)));
    }

    private static String text(Object property) {
        return property instanceof String text ? text : "";
    }

    /** The properties to register what belongs to a source with, such as {@link Controls}. */
    public Dictionary<String, Object> properties(String sourceId, String driver) {
        var properties = new Hashtable<String, Object>();
        properties.put(SourceProperties.ID, sourceId);
        properties.put(SourceProperties.DRIVER, driver);
        addTo(properties);
        return properties;
    }

    /** Adds what the device tells. */
    public void addTo(Dictionary<String, Object> properties) {
        put(properties, SourceProperties.MODEL, model);
        put(properties, SourceProperties.SERIAL, serial);
        put(properties, SourceProperties.PATH, path);
    }

    private static void put(Dictionary<String, Object> properties, String name, String value) {
        if (!value.isEmpty()) {
            properties.put(name, value);
        }
    }

    /** True when both tell the same serial number and model; two devices of a careless maker may. */
    public boolean sameDevice(DeviceIdentity other) {
        return !serial.isEmpty() && serial.equals(other.serial) && model.equals(other.model);
    }

    /** True when nothing speaks against both being one device: one of them has no serial number, or they are alike. */
    public boolean agrees(DeviceIdentity other) {
        return serial.isEmpty() || other.serial.isEmpty() || sameDevice(other);
    }

    /** The same device at another port. */
    public DeviceIdentity at(String newPath) {
        return new DeviceIdentity(model, serial, newPath);
    }
}
