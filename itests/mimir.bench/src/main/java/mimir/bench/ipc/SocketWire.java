// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import mimir.bench.handoff.Observer;

/** A Unix socket; it blocks, and events that are put together travel in one call. */
final class SocketWire implements Wire {
    private static final int BYTES = 8 * Observer.WORDS;
    private static final int ROOM = 64 * BYTES;

    @Override
    public Outlet outlet(Path folder, String name, Wait wait) {
        try {
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(folder.resolve(name)));
            return new Writing(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Inlet inlet(Path folder, String name, Wait wait) {
        try {
            return new Reading(SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve(name))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(ROOM).order(ByteOrder.nativeOrder());
    }

    /** Confined to its thread. */
    private static final class Writing implements Outlet {
        private final ServerSocketChannel server;
        private final ByteBuffer buffer = buffer();
        private SocketChannel channel;

        Writing(ServerSocketChannel server) {
            this.server = server;
        }

        @Override
        public void put(long sequence, long timeNs) {
            buffer.putLong(sequence).putLong(timeNs);
            for (int word = 2; word < Observer.WORDS; word++) {
                buffer.putLong(Observer.word(sequence, word));
            }
            if (buffer.remaining() < BYTES) {
                flush();
            }
        }

        @Override
        public void flush() {
            try {
                if (channel == null) {
                    channel = server.accept();
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                buffer.clear();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                server.close();
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Confined to its thread. */
    private static final class Reading implements Inlet {
        private final SocketChannel channel;
        private final ByteBuffer buffer = buffer();

        Reading(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int take(Observer observer) {
            try {
                if (channel.read(buffer) < 0) {
                    throw new IllegalStateException("the sender is gone");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            buffer.flip();
            int seen = 0;
            for (; buffer.remaining() >= BYTES; seen++) {
                long sequence = buffer.getLong();
                long timeNs = buffer.getLong();
                long sum = 0;
                for (int word = 2; word < Observer.WORDS; word++) {
                    sum += buffer.getLong();
                }
                observer.take(sequence, timeNs, sum);
            }
            buffer.compact();
            return seen;
        }

        @Override
        public void await() {
            Thread.onSpinWait(); // reading blocks
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
