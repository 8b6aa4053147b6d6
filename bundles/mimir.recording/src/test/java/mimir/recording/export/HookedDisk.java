// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk at whose n-th write, counted from 1, something happens. Confined. */
record HookedDisk(Map<Integer, Runnable> hooks, AtomicInteger writes) implements Disk {
    HookedDisk(Map<Integer, Runnable> hooks) {
        this(hooks, new AtomicInteger());
    }

    HookedDisk(int at, Runnable hook) {
        this(Map.of(at, hook));
    }

    @Override
    public SeekableByteChannel create(Path file) throws IOException {
        var real = REAL.create(file);
        return (SeekableByteChannel) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {SeekableByteChannel.class}, (proxy, method, words) -> {
                    if (words != null && words[0] instanceof ByteBuffer) {
                        hooks.getOrDefault(writes.incrementAndGet(), () -> { }).run();
                    }
                    return method.invoke(real, words);
                });
    }

    @Override
    public long usableBytes(Path folder) throws IOException {
        return REAL.usableBytes(folder);
    }
}
