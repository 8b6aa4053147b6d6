// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import java.util.Dictionary;
import java.util.Hashtable;

/** Service properties of sources, so that filters can be written without knowing a driver. Immutable. */
public final class SourceProperties {
    /** {@link Source#id}. */
    public static final String ID = "mimir.source.id";
    /** {@code frame} or {@code audio}. */
    public static final String KIND = "mimir.source.kind";
    /** {@link Source#driver}. */
    public static final String DRIVER = "mimir.source.driver";
    /** String, optional: {@link DeviceIdentity#model}. */
    public static final String MODEL = "mimir.device.model";
    /** String, optional: {@link DeviceIdentity#serial}. */
    public static final String SERIAL = "mimir.device.serial";
    /** String, optional: {@link DeviceIdentity#path}. */
    public static final String PATH = "mimir.device.path";
    /**
     * String, optional: how the device is connected, as it was negotiated, for people: {@code USB high speed, bus 1}.
     */
    public static final String LINK = "mimir.device.link";
    /** Boolean, optional: true once the source has sent all that it ever will, as a recording at its end. */
    public static final String ENDED = "mimir.source.ended";

    private SourceProperties() {
    }

    /** The properties to register a source with. */
    public static Dictionary<String, Object> of(Source source) {
        var properties = new Hashtable<String, Object>();
        properties.put(ID, source.id());
        properties.put(KIND, kind(source));
        properties.put(DRIVER, source.driver());
        return properties;
    }

    /** The properties to register a source with, whose device tells what it is. */
    public static Dictionary<String, Object> of(Source source, DeviceIdentity identity) {
        var properties = of(source);
        identity.addTo(properties);
        return properties;
    }

    /** {@code frame} or {@code audio}, as in reports. */
    public static String kind(Source source) {
        return source instanceof AudioSource ? "audio" : "frame";
    }
}
