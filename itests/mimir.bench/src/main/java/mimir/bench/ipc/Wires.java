// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import mimir.bench.BadUseException;

/** The mechanisms by name, for processes that are told one. Immutable. */
final class Wires {
    private Wires() {
    }

    static Wire of(String name) {
        return switch (name) {
            case "mimir" -> new MimirWire();
            case "aeron" -> new AeronWire();
            case "socket" -> new SocketWire();
            case "queue" -> new QueueWire();
            default -> throw new BadUseException("there is no mechanism " + name);
        };
    }
}
