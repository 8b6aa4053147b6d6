// SPDX-License-Identifier: Apache-2.0
package mimir.shell.remote;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connection to one process that gives commands. Thread-safe, but for {@link #hear}, which is the door's.
 */
final class Caller {
    /** A pager may keep its output waiting; somebody who takes nothing for so long has gone. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int BUFFER_BYTES = 8 * 1024;
    private static final byte[] NOTHING = {};

    private final SocketChannel channel;
    private final long sinceNs = System.nanoTime();
    private final ReentrantLock writing = new ReentrantLock();
    private final ByteBuffer head = ByteBuffer.allocate(Frames.HEAD_BYTES);
    private ByteBuffer body;
    private boolean heard;
    private volatile Thread waiting;
    private volatile boolean gone;

    /** @param channel non-blocking; closed by this */
    Caller(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * What it wants, once it has said it; null until then.
     *
     * @throws EOFException when it is gone, or says more than one thing
     * @throws mimir.api.BadInputException when that is no call
     */
    Call hear() throws IOException {
        if (heard) {
            if (channel.read(ByteBuffer.allocate(1)) != 0) {
                throw new EOFException();
            }
            return null;
        }
        if (!filled(head)) {
            return null;
        }
        if (body == null) {
            int length = head.getInt(1);
            if (head.get(0) != Frames.CALL || length < 0 || length > Frames.MOST_BYTES) {
                throw Call.strange();
            }
            body = ByteBuffer.allocate(length);
        }
        if (!filled(body)) {
            return null;
        }
        heard = true;
        return Call.read(body.flip());
    }

    private boolean filled(ByteBuffer buffer) throws IOException {
        if (buffer.hasRemaining() && channel.read(buffer) < 0) {
            throw new EOFException();
        }
        return !buffer.hasRemaining();
    }

    /** True when it has kept silent for so long. */
    boolean silentFor(long ns) {
        return !heard && System.nanoTime() - sinceNs > ns;
    }

    /** A stream whose bytes it gets as they come. */
    PrintStream stream(byte type) {
        return new PrintStream(new BufferedOutputStream(new Output(type), BUFFER_BYTES), true, StandardCharsets.UTF_8);
    }

    /** This thread waits for its commands; it is interrupted when they are to be given up. */
    void awaitedBy(Thread thread, boolean over) {
        waiting = thread;
        if (gone || over) {
            thread.interrupt();
        }
    }

    /** Ends what it waits for. */
    void interrupt() {
        var thread = waiting;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /** It is not there any more, or must be treated so. */
    void drop() {
        gone = true;
        interrupt();
        close();
    }

    /** The status, and the end of the connection. */
    void end(int status) {
        try {
            send(Frames.END, new byte[] {(byte) status}, 0, 1);
        } catch (IOException e) {
            gone = true; // nobody is left to be told
        }
        close();
    }

    /** One sentence and the status of a failure, as far as it takes them at once. */
    void refuse(String sentence, int status) {
        var text = (sentence + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (writing.tryLock()) {
                try {
                    channel.write(Frames.frame(Frames.ERR, text, 0, text.length));
                    channel.write(Frames.frame(Frames.END, new byte[] {(byte) status}, 0, 1));
                } finally {
                    writing.unlock();
                }
            }
        } catch (IOException e) {
            gone = true; // nobody is left to be told
        }
        close();
    }

    /** A sign of life, unless bytes that say the same are on their way. Never waits. */
    void greet() throws IOException {
        if (!writing.tryLock()) {
            return;
        }
        try {
            int written = channel.write(Frames.frame(Frames.ALIVE, NOTHING, 0, 0));
            if (written != 0 && written != Frames.HEAD_BYTES) {
                throw new EOFException(); // half a frame: the rest of the stream would be rubbish
            }
        } finally {
            writing.unlock();
        }
    }

    private void send(byte type, byte[] bytes, int offset, int length) throws IOException {
        writing.lock();
        try {
            var frame = Frames.frame(type, bytes, offset, length);
            long begin = System.nanoTime();
            while (frame.hasRemaining()) {
                if (gone) {
                    throw new EOFException();
                }
                if (channel.write(frame) == 0) {
                    awaitRoom(begin);
                }
            }
        } finally {
            writing.unlock();
        }
    }

    private void awaitRoom(long begin) throws IOException {
        if (Thread.currentThread().isInterrupted() || System.nanoTime() - begin > PATIENCE_NS) {
            drop();
            throw new EOFException();
        }
        LockSupport.parkNanos(LOOK_NS);
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            gone = true; // the system has let go of it all the same
        }
    }

    /** Bytes become frames. */
    private final class Output extends OutputStream {
        private final byte type;

        Output(byte type) {
            this.type = type;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += Frames.MOST_BYTES) {
                send(type, bytes, offset + done, Math.min(length - done, Frames.MOST_BYTES));
            }
        }
    }
}
