// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import mimir.api.work.WorkClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs as root and as anybody: what the kernel says must be what was asked, unless it was refused with a reason. */
@EnabledOnOs(OS.LINUX)
class LinuxPolicyTest {
    private final LinuxPolicy policy = new LinuxPolicy();

    @ParameterizedTest
    @EnumSource
    void shouldReadBackFromTheKernelWhatItAskedFor(WorkClass workClass) throws InterruptedException {
        var result = onThread(tid -> outcome(tid, workClass, false));

        assertGranted(result);
    }

    @Test
    void shouldPutNativeCaptureAboveJavaReaders() throws InterruptedException {
        assertThat(onThread(tid -> outcome(tid, WorkClass.CRITICAL, true)).asked()).isEqualTo("FIFO 50");
        assertThat(onThread(tid -> outcome(tid, WorkClass.CRITICAL, false)).asked()).isEqualTo("FIFO 45");
    }

    @Test
    void shouldGiveAThreadOfAnIdleWorkerItsOwnPolicy() throws InterruptedException {
        var inner = new AtomicReference<Outcome>();
        onThread(tid -> {
            var outcome = outcome(tid, WorkClass.IDLE, false);
            inner.set(onThread(child -> outcome(child, WorkClass.NORMAL, false)));
            return outcome;
        });

        assertGranted(inner.get());
    }

    /** Whoever does not run cannot come to a safepoint, and all of the JVM waits for it; nor meet a deadline. */
    @ParameterizedTest
    @EnumSource(names = "CRITICAL", mode = EnumSource.Mode.EXCLUDE)
    void shouldLetThemRunOftenInsteadOfLong(WorkClass workClass) throws InterruptedException {
        var sched = onThread(tid -> {
            policy.apply(tid, workClass, false);
            return new Outcome(read("/proc/self/task/" + tid + "/sched"), policy.granted(tid), null);
        });

        assertThat(sched.granted()).startsWith("OTHER nice ");
        var slice = Pattern.compile("slice +: +(\\d+)").matcher(sched.asked());
        if (slice.find() && Runtime.Version.parse(System.getProperty("os.version").replaceAll("[^0-9.].*", ""))
                .compareTo(Runtime.Version.parse("6.12")) >= 0) {
            assertThat(slice.group(1)).isEqualTo("100000");
        }
    }

    @Test
    void shouldShortenTheTimerSlackOfTheCallingThread() throws InterruptedException {
        var slack = onThread(tid -> new Outcome("" + policy.precise(), read("/proc/" + tid + "/timerslack_ns"), null));

        assertThat(slack).isEqualTo(new Outcome("true", "1", null));
    }

    @Test
    void shouldSayThatAThreadIsGone() throws InterruptedException {
        var tid = new AtomicReference<Long>();
        onThread(id -> {
            tid.set(id);
            return null;
        });

        Recorder.await("the kernel to forget the thread", () -> policy.granted(tid.get()).equals("gone"));
        assertThat(policy.apply(tid.get(), WorkClass.CRITICAL, true).refusal()).isEqualTo(
                "sched_setscheduler(SCHED_FIFO 50) found no such thread (ESRCH); adopt a thread while it runs");
    }

    private record Outcome(String asked, String granted, String refusal) {
    }

    private interface Probe {
        Outcome on(long tid) throws IOException, InterruptedException;
    }

    private Outcome outcome(long tid, WorkClass workClass, boolean nativeThread) {
        var request = policy.apply(tid, workClass, nativeThread);
        return new Outcome(request.asked(), policy.granted(tid), request.refusal());
    }

    private static void assertGranted(Outcome result) {
        if (result.refusal() == null) {
            assertThat(result.granted()).isEqualTo(result.asked());
        } else {
            assertThat(result.granted()).isNotEqualTo(result.asked());
            assertThat(result.refusal()).contains("was refused with E", "; grant CAP_SYS_NICE");
        }
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file)).strip();
    }

    private Outcome onThread(Probe probe) throws InterruptedException {
        var result = new AtomicReference<Outcome>();
        var failure = new AtomicReference<Exception>();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                result.set(probe.on(policy.currentThreadId()));
            } catch (IOException | InterruptedException | RuntimeException failed) {
                failure.set(failed);
            }
        });
        thread.join();
        assertThat(failure).hasValue(null);
        return result.get();
    }
}
