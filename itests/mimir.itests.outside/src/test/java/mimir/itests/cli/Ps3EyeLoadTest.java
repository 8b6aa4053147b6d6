// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import mimir.itests.process.Control;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The reference load on the whole platform through the system's own libusb: six cameras of 640x480 YUYV at 60 fps (222
 * MB/s) for 20 s, then two of 320x240 at 187. Every frame arrives bit by bit but for those that its camera was late
 * for; the capture thread takes no more than 15 % of a core, and nothing is allocated for a frame. A run that lacks
 * frames, and in which the machine took processors away, is repeated once; of a second such run the counts are judged.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(240)
class Ps3EyeLoadTest {
    private static final List<Integer> SIX = List.of(1, 2, 3, 4, 5, 6);
    private static final List<Integer> TWO = List.of(7, 8);
    private static final double GOAL_PERCENT = 15;

    @TempDir
    Path scratch;

    /** One life of the platform; the report is from the end of the six. Immutable. */
    private record Run(EyeLoad six, EyeLoad two, Map<String, Object> report) {
        boolean isDisturbed() {
            return six.isDisturbed() || two.isDisturbed();
        }

        /** What is wrong, but for the cameras that are known not to be plugged in meanwhile. */
        List<?> findings() {
            return ((List<?>) report.get("findings")).stream().filter(one -> TWO.stream().noneMatch(away ->
                    one.equals("eye." + away + " is silent: its device is unplugged; plug it in again, at any port")))
                    .toList();
        }

        List<Map<String, Object>> threads() {
            return ((List<?>) report.get("threads")).stream().map(one -> ((Map<?, ?>) one).entrySet().stream()
                    .filter(member -> member.getValue() != null).collect(Collectors.toMap(
                            member -> (String) member.getKey(), member -> (Object) member.getValue()))).toList();
        }
    }

    @Test
    void shouldCarrySixAndTwoFastOnesBitByBit() throws Exception {
        Twins.assumeInstalled();
        var run = run("first");
        if (run.isDisturbed()) {
            run = run("second");
        }
        boolean granted = assertCheap(run);
        run.six.assertCounted();
        run.two.assertCounted();
        if (!run.isDisturbed()) {
            run.six.assertArrived(60, SIX.size(), granted);
            run.two.assertArrived(187.5, TWO.size(), granted);
            assertEquals(List.of(), run.findings());
        }
    }

    private Run run(String name) throws IOException {
        var devices = IntStream.rangeClosed(1, SIX.size() + TWO.size()).mapToObj(n -> TWO.contains(n)
                ? EyePlatform.device(n, 320, 240, "BAYER_GRBG8", 187) : EyePlatform.device(n, 640, 480, "YUYV", 60))
                .collect(Collectors.joining(","));
        try (var platform = new EyePlatform(scratch.resolve(name), devices); var control = new Control()) {
            Thread.ofPlatform().daemon().name("control").start(control);
            var twins = platform.twins();
            var cameras = IntStream.rangeClosed(1, SIX.size() + TWO.size()).mapToObj(n -> twins.plug(n, 1, n)).toList();
            platform.mimir().untilItSays("running");
            awaitStarts(platform);
            cameras.forEach(twins::unplug);
            var six = EyeLoad.watch("6 x 640x480 YUYV 60", platform, control, SIX, 20);
            var report = JSON.std.mapFrom(platform.command("report"));
            var two = EyeLoad.watch("2 x 320x240 Bayer 187", platform, control, TWO, 4);
            platform.end();
            System.out.println(six + System.lineSeparator() + two);
            return new Run(six, two, report);
        }
    }

    /** A camera that is pulled out before its first frame begins no other epoch when it is back. */
    private static void awaitStarts(EyePlatform platform) {
        for (int identity = 1; identity <= SIX.size() + TWO.size(); identity++) {
            try (var reader = platform.reader(identity)) {
                platform.await(() -> reader.has(1, 1), reader + " sends nothing");
            }
        }
    }

    /** Returns whether the capture thread had real-time priority. */
    private static boolean assertCheap(Run run) {
        var media = run.threads().stream().filter(one -> one.get("media").equals(true)).toList();
        media.forEach(one -> assertEquals(0.0, one.get("allocatedBytesPerItem"), one::toString));
        var workers = run.threads().stream().filter(one -> one.get("name").toString().startsWith("mimir-eye")).toList();
        assertEquals(1, workers.size(), workers::toString); // one for the whole family
        var capture = media.stream().filter(one -> one.get("name").equals("mimir-eye-usb")).findFirst().orElseThrow();
        System.out.println(capture);
        assertTrue(((Number) capture.get("cpuPercent")).doubleValue() <= GOAL_PERCENT, capture::toString);
        return capture.get("policyGranted").toString().startsWith("FIFO");
    }
}
