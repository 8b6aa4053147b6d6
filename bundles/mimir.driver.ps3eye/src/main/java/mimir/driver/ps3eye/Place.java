// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.regex.Pattern;
import mimir.api.BadInputException;

/**
 * Where a device is plugged in: its bus and the port numbers from the root on, as people write it: {@code 1-2.3}.
 * Immutable.
 *
 * @param bus number of the bus
 * @param ports one byte each, the first port in the lowest one; 0 is the root itself
 */
record Place(long bus, long ports) implements Comparable<Place> {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,3})-(\\d{1,3}(?:\\.\\d{1,3}){0,6})");

    /**
     * The place that somebody wrote.
     *
     * @throws BadInputException with a sentence that goes on after {@code what}
     */
    static Place parse(String what, String text) {
        var match = SHAPE.matcher(text);
        if (!match.matches()) {
            throw new BadInputException(what + " is '" + text + "'; give bus and ports as mimir:usb shows them, such as"
                    + " 1-2 or 1-2.3");
        }
        long ports = 0;
        int shift = 0;
        for (var port : match.group(2).split("\\.")) {
            int number = Integer.parseInt(port);
            if (number < 1 || number > 255) {
                throw new BadInputException(what + " has port " + number + ", but ports are from 1 to 255");
            }
            ports |= (long) number << shift;
            shift += Byte.SIZE;
        }
        return new Place(Long.parseLong(match.group(1)), ports);
    }

    /** Number of hubs and sockets from the root on; 0 for a root. */
    int depth() {
        return (Long.SIZE - Long.numberOfLeadingZeros(ports) + Byte.SIZE - 1) / Byte.SIZE;
    }

    private int port(int level) {
        return (int) (ports >>> level * Byte.SIZE) & 0xff;
    }

    /** By bus, then by port at each level: as they are listed. */
    @Override
    public int compareTo(Place other) {
        int order = Long.compare(bus, other.bus);
        for (int level = 0; order == 0 && level < Long.BYTES; level++) {
            order = Integer.compare(port(level), other.port(level));
        }
        return order;
    }

    @Override
    public String toString() {
        var text = new StringBuilder().append(bus).append('-');
        for (int level = 0; level < depth(); level++) {
            text.append(level == 0 ? "" : ".").append(port(level));
        }
        return depth() == 0 ? text.append('0').toString() : text.toString();
    }
}
