// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;

/**
 * The output of the process itself. Gogo has its own in the place of {@code System.out}, which asks the session of the
 * thread where to write; a session made on that would ask itself. Thread-safe.
 */
final class Streams {
    static final PrintStream OUT = stream(FileDescriptor.out, "stdout.encoding");
    static final PrintStream ERR = stream(FileDescriptor.err, "stderr.encoding");

    private Streams() {
    }

    private static PrintStream stream(FileDescriptor descriptor, String encoding) {
        var name = System.getProperty(encoding);
        var charset = name == null ? Charset.defaultCharset() : Charset.forName(name);
        return new PrintStream(new FileOutputStream(descriptor), true, charset);
    }
}
