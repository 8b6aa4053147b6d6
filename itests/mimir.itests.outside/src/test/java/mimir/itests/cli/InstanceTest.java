// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Instances with names, commands into one that runs, and what a killed one leaves: as whoever runs this, and where that
 * is root, as a user without any rights as well. Each start of a platform costs seconds of processor time: there are
 * few, and much is tried on each.
 */
@Tag("thorough")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(240)
class InstanceTest {
    private static final String NOBODY = "65534";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path scratch;

    private Path home = Mimir.ROOT;
    private boolean asNobody;
    private final List<Mimir> platforms = new ArrayList<>();

    @AfterEach
    void end() {
        platforms.forEach(platform -> platform.process().destroyForcibly());
    }

    @Test
    void shouldRunSideBySideAndTakeCommandsFromOtherTerminals() throws Exception {
        leaveBehindAKilledOne();
        var mimir = running("first", "mimir");
        var lab = running("lab", "lab");

        shouldRefuseItsName(mimir.process().pid());
        shouldAnswerToItsName();
        shouldStopOnlyWhatNobodyWaitsFor(mimir);
        mimir("else", "exec", "--to", "else", "sources").run().exits(2)
                .says("there is no instance 'else'; there are lab, mimir");
        shouldGoOnWhenItsShellIsUpdated(lab);
        shouldBringItsRigUpAgainWhenItsEngineIsUpdated(lab);
        mimir("exit", "exec", "--to", "lab", "exit 5").run().exits(5);
        lab.await(PATIENCE).exits(5).leavesNothing();
        assertEquals(List.of("mimir.lock", "mimir.sock"), left());
    }

    @Test
    void shouldServeAUserWithoutRightsAlike() throws Exception {
        if (new UnixSystem().getUid() != 0) {
            return; // the other test ran as such a user
        }
        becomeNobody();
        leaveBehindAKilledOne();
        var mimir = running("first", "mimir");

        shouldRefuseItsName(mimir.process().pid());
        mimir("sources", "exec", "--to", "mimir", "sources; exit 3").run().exits(3).printed("sim.camera.1");
        mimir.await(PATIENCE).exits(3).leavesNothing();
        assertEquals(List.of(), left());
    }

    /** Its lock stays where it was, as does a socket that nobody listens at. */
    private void leaveBehindAKilledOne() throws Exception {
        var killed = mimir("killed", "run", "--rig", "tiny").start();
        platforms.add(killed);
        await(() -> left().contains("mimir.lock"), killed);
        killed.process().destroyForcibly().waitFor();
        assertEquals(List.of("mimir.lock"), left());
        mimir("none", "exec", "--to", "mimir", "sources").run().exits(1).says("start one first");
    }

    private void shouldRefuseItsName(long pid) throws IOException {
        mimir("second", "run", "--rig", "tiny", "--for", "1s").run().exits(1).leavesNothing()
                .says("mimir runs already (process " + pid + ", since ").says("rig tiny")
                .says("./mimir exec --to mimir").says("--name OTHER");
    }

    private void shouldAnswerToItsName() throws Exception {
        var clients = IntStream.range(0, 3).mapToObj(n -> start("client" + n, "exec", "--to", n == 0 ? "lab" : "mimir",
                n == 2 ? "report --to report.json" : "sources --json; nonsense")).toList();
        for (var client : clients.subList(0, 2)) {
            client.await(PATIENCE).exits(2).printed("\"sim.camera.1\"").says("nonsense");
        }
        clients.getLast().await(PATIENCE).exits(0);
        assertTrue(Files.exists(scratch.resolve("client2/report.json")), "names of files are the caller's");
        var state = PosixFilePermissions.toString(Files.getPosixFilePermissions(scratch.resolve("state/mimir.log")));
        assertEquals("rw-------", state);
    }

    private void shouldStopOnlyWhatNobodyWaitsFor(Mimir platform) throws Exception {
        var follower = start("follower", "exec", "--to", "mimir", "log --follow");
        await(() -> follower.out().contains("launcher: mimir starts on rig tiny"), follower);
        new ProcessBuilder("kill", "-INT", Long.toString(follower.process().pid())).start().waitFor();
        follower.await(PATIENCE).exits(130);

        var threads = mimir("threads", "exec", "--to", "mimir", "threads --json").run().exits(0).out();
        assertEquals(1, Stream.of(threads.split("\"call-")).skip(1).count(), threads);
        assertTrue(platform.process().isAlive());
    }

    private void shouldGoOnWhenItsShellIsUpdated(Mimir lab) throws Exception {
        mimir("update", "exec", "--to", "lab", "update mimir.shell").run();
        await(() -> lab.err().contains("the shell began anew; the run goes on"), lab);
        mimir("after", "exec", "--to", "lab", "sources --json").run().exits(0).printed("\"epoch\" : 1");
        assertEquals(1, lab.err().split("running tiny", -1).length - 1, lab::err);
    }

    private void shouldBringItsRigUpAgainWhenItsEngineIsUpdated(Mimir lab) throws Exception {
        mimir("engine", "exec", "--to", "lab", "update mimir.engine").run();
        await(() -> lab.err().split("the run goes on", -1).length == 3, lab);
        mimir("later", "exec", "--to", "lab", "sources --json").run().exits(0).printed("\"epoch\" : 2");
    }

    private Mimir running(String folder, String name) throws IOException {
        var platform = mimir(folder, "run", "--rig", "tiny", "--name", name).start();
        platforms.add(platform);
        await(() -> platform.err().contains("running"), platform);
        assertFalse(platform.err().contains(".lock") || platform.err().contains(".sock"), platform::err);
        return platform;
    }

    private Mimir start(String folder, String... words) {
        try {
            return mimir(folder, words).start();
        } catch (IOException refused) {
            throw new AssertionError(refused);
        }
    }

    private Mimir mimir(String folder, String... words) throws IOException {
        var own = Files.createDirectories(scratch.resolve(folder));
        Files.createDirectories(scratch.resolve("tmp"));
        var mimir = Mimir.with(own, words).environment("TMPDIR", scratch.resolve("tmp").toString())
                .environment("MIMIR_STATE", scratch.resolve("state").toString());
        if (asNobody) {
            var command = Stream.concat(Stream.of("--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups",
                    home.resolve("mimir").toString()), Stream.of(words)).toArray(String[]::new);
            own(scratch);
            mimir.instead(Path.of("setpriv"), command);
        }
        return mimir;
    }

    /** With a copy of what was built: the workspace may lie where nobody else can look. */
    private void becomeNobody() throws IOException, InterruptedException {
        asNobody = true;
        home = scratch.resolve("home");
        var copied = new ProcessBuilder("sh", "-c", "mkdir -p \"$1/run-configs/target\" && cd \"$0\" && cp -r mimir cnf"
                + " \"$1\" && cp -r run-configs/target/mimir \"$1/run-configs/target\"", Mimir.ROOT.toString(),
                home.toString()).inheritIO().start().waitFor();
        assertEquals(0, copied);
    }

    private static void own(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.toList()) {
                Files.setAttribute(path, "unix:uid", Integer.valueOf(NOBODY));
            }
        }
    }

    /** What lies in the folder of running instances. */
    private List<String> left() {
        var uid = asNobody ? NOBODY : Long.toString(new UnixSystem().getUid());
        var files = scratch.resolve("tmp/mimir-" + uid).toFile().list();
        return files == null ? List.of() : Stream.of(files).sorted().toList();
    }

    private static void await(BooleanSupplier condition, Mimir mimir) {
        mimir.until(condition, PATIENCE, "that did not come");
    }
}
