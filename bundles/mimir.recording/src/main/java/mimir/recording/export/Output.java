// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file that is being written, from front to back but for its head. Confined; blocks while the disk does. */
sealed interface Output extends Closeable permits BufferedOutput, StraightOutput {
    /** Bytes so far. */
    long written();

    /** Bytes that {@link #room} can give at once. */
    int capacity();

    /** The buffer with room for {@code bytes}, to be filled by relative puts. */
    ByteBuffer room(int bytes) throws IOException;

    /** Writes memory as it is. */
    void write(ByteBuffer bytes) throws IOException;

    /** Replaces the first bytes of the file; nothing is written after that. */
    void replaceHead(ByteBuffer head) throws IOException;

    /** Writes what is left and waits until the disk has all of it: a name must not outlive its bytes. */
    void complete() throws IOException;
}
