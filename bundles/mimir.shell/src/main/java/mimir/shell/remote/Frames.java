// SPDX-License-Identifier: Apache-2.0
package mimir.shell.remote;

import java.nio.ByteBuffer;

/**
 * What goes over the socket of an instance: frames of a type (one byte), a length (four bytes, big endian) and so many
 * bytes. The caller sends one frame, {@link #CALL}, and closes when it does not wait any more; the instance sends the
 * others and closes after {@link #END}. Immutable.
 */
final class Frames {
    /** UTF-8: {@code mimir 1}, the caller's folder, and the commands, with a line end between them. */
    static final byte CALL = 'c';
    /** Bytes for standard output. */
    static final byte OUT = 'o';
    /** Bytes for standard error. */
    static final byte ERR = 'e';
    /** Nothing: a sign of life, every second. */
    static final byte ALIVE = 'a';
    /** One byte: the status of the commands. */
    static final byte END = 's';

    static final int HEAD_BYTES = 5;
    /** Of what follows the head. A longer frame is none. */
    static final int MOST_BYTES = 64 * 1024;

    private Frames() {
    }

    static ByteBuffer frame(byte type, byte[] bytes, int offset, int length) {
        return ByteBuffer.allocate(HEAD_BYTES + length).put(type).putInt(length).put(bytes, offset, length).flip();
    }
}
