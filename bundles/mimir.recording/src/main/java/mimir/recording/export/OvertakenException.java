// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;

/** An item that its source wrote anew while it was being exported. */
final class OvertakenException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param source whose item it was */
    OvertakenException(String source) {
        super(source);
    }
}
