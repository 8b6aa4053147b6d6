// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log of an instance: one line an entry, in a file that is put aside as {@code NAME.log.1} when it is full, and
 * aloud what people are to hear. Who logs hands over and goes on; a disk that is slow or full, and a terminal that
 * stands still, cost entries, which are counted, and one sentence.
 *
 * <p>Threads: thread-safe; one thread writes, made here because it begins before any bundle and ends after the last.
 */
final class LogFile implements AutoCloseable {
    /** Framework property: path of the file. */
    static final String PROPERTY = "mimir.log";
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_WAITING = 4_096;
    private static final long AGAIN_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long LAST_WORDS_MS = 1_000;
    private static final Entry END = new Entry("", null);

    private final Path file;
    private final long mostBytes;
    private final ArrayBlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer = new Thread(this::write, "mimir-log");
    private FileChannel channel;
    private boolean torn;
    private boolean told;
    private long refusedNs;

    LogFile(Path file) {
        this(file, MOST_BYTES);
    }

    LogFile(Path file, long mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
        writer.setDaemon(true);
        writer.start();
    }

    /**
     * Hands one entry over. Never blocks; when too many wait, it is lost and counted.
     *
     * @param saidMs when it was said, in ms since 1970
     * @param aloud what goes to standard error, or null
     */
    void add(long saidMs, String level, String bundle, String sentence, String aloud) {
        if (!waiting.offer(new Entry(line(saidMs, level, bundle, sentence), aloud))) {
            lost.incrementAndGet();
        }
    }

    /** {@code 2026-01-31T10:00:00.000Z WARN  mimir.engine: …}: what {@code mimir:log} reads. */
    private static String line(long saidMs, String level, String bundle, String sentence) {
        return "%s %-5s %s: %s\n".formatted(time(saidMs), level, bundle, sentence);
    }

    /** Always as long, so that lines stand below each other. */
    private static String time(long saidMs) {
        var instant = Instant.ofEpochMilli(saidMs).toString();
        return instant.length() == "2026-01-31T10:00:00Z".length() ? instant.replace("Z", ".000Z") : instant;
    }

    private void write() {
        try {
            for (var entry = waiting.take(); entry != END; entry = waiting.take()) {
                keep(entry.line());
                if (entry.aloud() != null) {
                    Console.say(entry.aloud());
                }
            }
        } catch (InterruptedException e) {
            Console.say("The log ends here: somebody interrupted its thread.");
        } finally {
            closeFile();
        }
    }

    private void keep(String line) {
        if (refusedNs != 0 && System.nanoTime() - refusedNs < AGAIN_NS) {
            lost.incrementAndGet();
            return;
        }
        try {
            open();
            long missing = lost.getAndSet(0);
            if (missing > 0) {
                append(line(System.currentTimeMillis(), "WARN", "launcher", missing + " entries are missing here: the "
                    + "disk, or who reads standard error, did not take them"));
            }
            append(line);
            refusedNs = 0;
        } catch (IOException e) {
            refused(e);
        }
    }

    private void refused(IOException why) {
        lost.incrementAndGet();
        refusedNs = System.nanoTime() | 1;
        closeFile();
        if (!told) {
            told = true;
            Console.say("The log " + file + " cannot be written (" + Console.oneLine(why.getMessage())
                + "): Mimir goes on without it until the disk takes it again.");
        }
    }

    private void open() throws IOException {
        if (channel != null && channel.size() > mostBytes) {
            closeFile();
        }
        if (channel == null) {
            if (Files.isRegularFile(file) && Files.size(file) > mostBytes) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            channel = FileChannel.open(file, new HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND,
                LinkOption.NOFOLLOW_LINKS)), PrivateFolder.forUserOnly("rw-------"));
        }
    }

    /** A line that a full disk cut off ends before the next one begins. */
    private void append(String line) throws IOException {
        var bytes = ByteBuffer.wrap((torn ? "\n" + line : line).getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            torn |= channel.write(bytes) > 0 && bytes.hasRemaining();
        }
        torn = false;
    }

    private void closeFile() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            told = true; // closed all the same; what it could not write was told before
        }
        channel = null;
    }

    /** Writes what waits, for at most a second. */
    @Override
    public void close() {
        try {
            if (waiting.offer(END, LAST_WORDS_MS, TimeUnit.MILLISECONDS)) {
                writer.join(LAST_WORDS_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Entry(String line, String aloud) {
    }
}
