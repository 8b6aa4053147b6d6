// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import mimir.api.report.Reporter;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.test.common.annotation.InjectService;

/** What the JVM itself recorded: no thread of the media path waits for another one's lock, and none allocates. */
@Timeout(60)
class ContentionTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";
    private static final long WARM_BLOCKS = 18_000;
    private static final long SEEN_BLOCKS = 9_000;
    private static final List<String> LOCKS = List.of("jdk.JavaMonitorEnter", "jdk.JavaMonitorWait", "jdk.ThreadPark");
    private static final List<String> ALLOCATIONS =
            List.of("jdk.ObjectAllocationInNewTLAB", "jdk.ObjectAllocationOutsideTLAB");

    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    Reporter reporter;
    @TempDir
    Path folder;

    @Test
    void shouldNeitherWaitForALockNorAllocateOnAMediaThread() throws IOException {
        Platform.load(rigs, Platform.rig(sixCamerasAndAudio()));
        reporter.begin(Duration.ofSeconds(2)); // brings a reader in place
        awaitBlocks(WARM_BLOCKS);
        try (var recording = start()) {
            awaitBlocks(published("locks.audio") + SEEN_BLOCKS);
            var media = mediaThreads();

            assertTrue(media.containsAll(Set.of("mimir-reservoir", "mimir-watch-reader")), media::toString);
            assertEquals(List.of(), offences(recording, media));
        } finally {
            reporter.end();
        }
    }

    @Test
    void shouldSeeALockThatAWorkerWaitsFor() throws Exception {
        var monitor = new Object();
        var lock = new ReentrantLock();
        var waits = new CountDownLatch(1);
        try (var recording = start()) {
            lock.lock();
            synchronized (monitor) {
                var worker = workers.start("planted", WorkClass.NORMAL, true, self -> {
                    waits.countDown();
                    synchronized (monitor) {
                        lock.lock();
                    }
                });
                waits.await();
                Platform.await(() -> stateOf("mimir-planted") == Thread.State.BLOCKED, () -> "never waited");
                assertFalse(worker.stop(Duration.ofMillis(1)));
            }
            Platform.await(() -> stateOf("mimir-planted") == Thread.State.WAITING, () -> "never waited for the lock");
            lock.unlock();
            Platform.await(() -> stateOf("mimir-planted") == Thread.State.TERMINATED, () -> "never ended");

            var told = String.join(" ", offences(recording, Set.of("mimir-planted")));
            assertTrue(told.contains("jdk.JavaMonitorEnter") && told.contains("jdk.ThreadPark"), told);
        }
    }

    private static Thread.State stateOf(String name) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals(name))
                .map(Thread::getState).findFirst().orElse(Thread.State.TERMINATED);
    }

    private static Recording start() {
        var recording = new Recording();
        LOCKS.forEach(event -> recording.enable(event).withoutThreshold());
        ALLOCATIONS.forEach(recording::enable);
        recording.start();
        return recording;
    }

    private List<String> offences(Recording recording, Set<String> threads) throws IOException {
        var file = folder.resolve("run.jfr");
        recording.stop();
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream().filter(event -> event.getThread() != null
                && threads.contains(event.getThread().getJavaName()) && isOffence(event))
                .map(event -> event.getThread().getJavaName() + " " + event).toList();
    }

    /** A worker's own pause parks as well, though for nothing. */
    private static boolean isOffence(RecordedEvent event) {
        var name = event.getEventType().getName();
        return name.equals("jdk.ThreadPark") ? event.getClass("parkedClass") != null
                : LOCKS.contains(name) || ALLOCATIONS.contains(name);
    }

    private Set<String> mediaThreads() {
        return workers.threads().stream().filter(thread -> thread.media() && !thread.nativeThread())
                .map(ThreadStats::name).map(name -> "mimir-" + name).collect(Collectors.toSet());
    }

    private static List<String> sixCamerasAndAudio() {
        var devices = new ArrayList<String>();
        for (int camera = 1; camera <= 6; camera++) {
            devices.add(Platform.camera(SIM, "locks.camera." + camera, 640, 480, 60, ""));
        }
        devices.add(Platform.audio(SIM, "locks.audio", 8, 192_000, ""));
        return devices;
    }

    private void awaitBlocks(long blocks) {
        Platform.await(() -> published("locks.audio") >= blocks,
                () -> "blocks so far: " + published("locks.audio") + " of " + blocks);
    }
}
