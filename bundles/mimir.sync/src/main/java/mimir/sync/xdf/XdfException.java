// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.io.IOException;

/** A file that is no XDF; the message is one sentence with the byte at which that shows. */
public final class XdfException extends IOException {
    private static final long serialVersionUID = 1;

    private final long offset;

    XdfException(long offset, String what) {
        super("byte " + offset + ": " + what);
        this.offset = offset;
    }

    /** Where in the file, bytes from its start. */
    public long offset() {
        return offset;
    }
}
