// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;

/**
 * What the header of a stream says. Immutable.
 *
 * @param name of the stream; empty when it has none
 * @param type what it carries, such as EEG; empty when nothing is said
 * @param channels values of one sample
 * @param valueBytes bytes of one value; 0: text of any length
 * @param nominalHz samples per second; 0: they come when they come
 */
record XdfHeader(String name, String type, int channels, int valueBytes, double nominalHz) {
    private static final int MOST_CHANNELS = 1_000_000;
    private static final double MOST_HZ = 1e9;
    private static final Map<String, Integer> BYTES = Map.of("int8", 1, "int16", 2, "int32", 4, "int64", 8,
            "float32", 4, "double64", 8, "string", 0);

    /** Reads the XML of a header that begins at this byte of the file. */
    static XdfHeader of(byte[] xml, long at) throws XdfException {
        var members = members(xml, at);
        var format = members.getOrDefault("channel_format", "");
        if (!BYTES.containsKey(format)) {
            throw new XdfException(at, "channel_format is one of int8, int16, int32, int64, float32, double64 and "
                    + "string, not '" + format + "'");
        }
        double channels = number(members, "channel_count", MOST_CHANNELS, at);
        if (channels != Math.rint(channels)) {
            throw new XdfException(at, "channel_count is a whole number, not " + channels);
        }
        return new XdfHeader(members.getOrDefault("name", ""), members.getOrDefault("type", ""), (int) channels,
                BYTES.get(format), number(members, "nominal_srate", MOST_HZ, at));
    }

    private static double number(Map<String, String> members, String name, double most, long at) throws XdfException {
        var text = members.getOrDefault(name, "");
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException notANumber) {
            value = Double.NaN;
        }
        if (value >= 0 && value <= most) {
            return value;
        }
        throw new XdfException(at, name + " is a number from 0 to " + (long) most + ", not '" + text + "'");
    }

    /** The elements right below the outermost one that hold nothing but text. */
    private static Map<String, String> members(byte[] xml, long at) throws XdfException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        var members = new HashMap<String, String>();
        var text = new StringBuilder();
        int depth = 0;
        try {
            var reader = factory.createXMLStreamReader(new ByteArrayInputStream(xml));
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        depth++;
                        text.setLength(0);
                    }
                    case XMLStreamConstants.CHARACTERS -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        if (depth-- == 2) {
                            members.putIfAbsent(reader.getLocalName(), text.toString().strip());
                        }
                        text.setLength(0);
                    }
                    default -> { }
                }
            }
        } catch (XMLStreamException e) {
            var first = e.getMessage().lines().reduce((before, last) -> last).orElse("");
            throw new XdfException(at, "the header of a stream is no XML: " + first.replace("Message: ", ""));
        }
        return members;
    }
}
