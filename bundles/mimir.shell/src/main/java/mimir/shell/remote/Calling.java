// SPDX-License-Identifier: Apache-2.0
package mimir.shell.remote;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The other side of the {@link Door}: gives commands to a running instance and passes on what it says. It runs in a
 * process of its own, without a framework; when that ends, the instance gives the commands up. Confined.
 */
public final class Calling {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final String name;
    private final Path socket;
    private final OutputStream out;
    private final OutputStream err;
    private final long patienceNs;

    /** With the streams that get what the instance says; neither is buffered here. */
    public Calling(String name, Path socket, OutputStream out, OutputStream err) {
        this(name, socket, out, err, PATIENCE);
    }

    Calling(String name, Path socket, OutputStream out, OutputStream err, Duration patience) {
        this.patienceNs = patience.toNanos();
        this.name = name;
        this.socket = socket;
        this.out = out;
        this.err = err;
    }

    /**
     * Gives the commands and waits for their end. Blocks; never longer than ten seconds without a sign of life.
     *
     * @param alive whether the instance is there; one that just starts opens its socket in a moment
     * @return the status of the commands
     * @throws IOException when the instance does not answer, or a stream cannot be written; one sentence
     */
    public int call(Call call, BooleanSupplier alive) throws IOException {
        var request = call.frame();
        try (var selector = Selector.open(); var channel = connect(alive)) {
            var key = channel.register(selector, SelectionKey.OP_WRITE);
            while (request.hasRemaining()) {
                await(selector);
                if (!written(channel, request)) {
                    break; // it says why
                }
            }
            key.interestOps(SelectionKey.OP_READ);
            return listen(channel, selector);
        }
    }

    private static boolean written(SocketChannel channel, ByteBuffer request) {
        try {
            return channel.write(request) >= 0;
        } catch (IOException refused) {
            return false;
        }
    }

    private SocketChannel connect(BooleanSupplier alive) throws IOException {
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < patienceNs && alive.getAsBoolean()) {
            var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.configureBlocking(false);
            try {
                if (channel.connect(UnixDomainSocketAddress.of(socket))) {
                    return channel;
                }
            } catch (SocketException notYet) {
                LockSupport.parkNanos(LOOK_NS);
            }
            channel.close(); // so many callers wait there that no more fit
            LockSupport.parkNanos(LOOK_NS);
        }
        throw silent();
    }

    private void await(Selector selector) throws IOException {
        if (selector.select(TimeUnit.NANOSECONDS.toMillis(patienceNs)) == 0) {
            throw silent();
        }
        selector.selectedKeys().clear();
    }

    private IOException silent() {
        return new IOException(name + " does not answer: it hangs, stands still, or just ended");
    }

    private int listen(SocketChannel channel, Selector selector) throws IOException {
        var buffer = ByteBuffer.allocate(Frames.HEAD_BYTES + Frames.MOST_BYTES);
        while (true) {
            await(selector);
            fill(channel, buffer);
            buffer.flip();
            while (isWhole(buffer)) {
                byte type = buffer.get();
                int length = buffer.getInt();
                int at = buffer.position();
                buffer.position(at + length);
                switch (type) {
                    case Frames.OUT -> write(out, buffer, at, length);
                    case Frames.ERR -> write(err, buffer, at, length);
                    case Frames.END -> {
                        return buffer.get(at) & 0xFF;
                    }
                    default -> buffer.position(at + length); // a sign of life
                }
            }
            buffer.compact();
        }
    }

    private void fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
        try {
            if (channel.read(buffer) >= 0) {
                return;
            }
        } catch (IOException broken) {
            throw new IOException(name + " broke off before the commands were done", broken);
        }
        throw new IOException(name + " ended before the commands were done");
    }

    private boolean isWhole(ByteBuffer buffer) throws IOException {
        if (buffer.remaining() < Frames.HEAD_BYTES) {
            return false;
        }
        int length = buffer.getInt(buffer.position() + 1);
        if (length < 0 || length > Frames.MOST_BYTES) {
            throw new IOException("what listens as " + name + " is no Mimir of this version");
        }
        return buffer.remaining() >= Frames.HEAD_BYTES + length;
    }

    private static void write(OutputStream to, ByteBuffer buffer, int at, int length) throws IOException {
        try {
            to.write(buffer.array(), at, length);
            to.flush();
        } catch (IOException refused) {
            throw new IOException("the output could not be written; what was said there is lost", refused);
        }
    }
}
