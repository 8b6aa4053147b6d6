// SPDX-License-Identifier: Apache-2.0
package mimir.shell.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import mimir.api.BadInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.log.Logger;

/** A door with callers of every kind at a real socket. Threads: confined; answers run on threads of their own. */
@Timeout(60)
class DoorTest {
    private static final int LINES = 200;

    @TempDir
    Path folder;

    private final TestWorkers workers = new TestWorkers();
    private final Logger log = (Logger) Proxy.newProxyInstance(DoorTest.class.getClassLoader(),
            new Class<?>[] {Logger.class}, (proxy, method, arguments) -> null);
    private final AtomicInteger givenUp = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);
    private Path socket;
    private Door door;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("lab.sock");
        Files.writeString(socket, "what a killed one left");
        door = new Door(socket, workers, log, this::answer);
    }

    @AfterEach
    void close() {
        release.countDown();
        door.close();
        assertThat(socket).doesNotExist();
        await(() -> workers.count() == 0);
    }

    /** {@code say WORD}: lines of it; {@code hang}: until it is given up; {@code fill}: more than anybody holds. */
    private int answer(Call call, PrintStream out, PrintStream err) {
        var words = call.commands().split(" ");
        try {
            switch (words[0]) {
                case "say" -> {
                    for (int n = 0; n < LINES; n++) {
                        out.println(words[1] + " " + n + " ä");
                    }
                    err.println("said " + words[1] + " in " + call.folder());
                }
                case "fill" -> out.write(new byte[8 << 20]);
                default -> {
                    err.println("hanging");
                    release.await();
                }
            }
            return 7;
        } catch (InterruptedException | IOException e) {
            givenUp.incrementAndGet();
            err.println("given up");
            return 1;
        }
    }

    private Caught call(String commands) throws Exception {
        var caught = new Caught();
        caught.status = new Calling("lab", socket, caught.out, caught.err).call(new Call(folder, commands), () -> true);
        return caught;
    }

    private FutureTask<Caught> callBeside(String commands) {
        var task = new FutureTask<>(() -> call(commands));
        new Thread(task, "caller").start();
        return task;
    }

    @Test
    void shouldPassOnWhatCommandsSayAndTheirStatus() throws Exception {
        var caught = call("say tree");

        assertThat(caught.status).isEqualTo(7);
        assertThat(caught.out()).startsWith("tree 0 ä\ntree 1 ä\n").endsWith("tree 199 ä\n");
        assertThat(caught.err()).isEqualTo("said tree in " + folder + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-------");
    }

    @Test
    void shouldRunCommandsOfManySideBySideWithoutMixingThem() throws Exception {
        var hanging = callBeside("hang");
        var tasks = new ArrayList<FutureTask<Caught>>();
        for (int n = 0; n < 8; n++) {
            tasks.add(callBeside("say word" + n));
        }
        for (int n = 0; n < tasks.size(); n++) {
            var word = "word" + n;
            assertThat(tasks.get(n).get(20, TimeUnit.SECONDS).out().lines()).hasSize(LINES)
                    .allMatch(line -> line.startsWith(word + " "));
        }
        release.countDown();
        assertThat(hanging.get(20, TimeUnit.SECONDS).status).isEqualTo(7);
    }

    @Test
    void shouldGiveUpWhatNobodyWaitsForAndNothingElse() throws Exception {
        var other = callBeside("hang");
        try (var gone = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            gone.write(new Call(folder, "hang").frame());
            gone.read(ByteBuffer.allocate(1)); // it runs
        }
        await(() -> givenUp.get() == 1);
        release.countDown();
        assertThat(other.get(20, TimeUnit.SECONDS).status).isEqualTo(7);
        assertThat(givenUp).hasValue(1);
    }

    @Test
    void shouldSurviveRubbishSilenceAndFloods() throws Exception {
        var random = new Random(1);
        var open = new ArrayList<SocketChannel>();
        for (int n = 0; n < 100; n++) {
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            var rubbish = new byte[n % 3 == 0 ? 3 : 200];
            random.nextBytes(rubbish);
            send(channel, n % 3 == 1 ? new Call(folder, "hang").frame().put(1, (byte) 0x7F) : ByteBuffer.wrap(rubbish));
            open.add(channel);
        }
        assertThat(call("say still").status).isEqualTo(7);
        await(() -> workers.count() == 1); // the door itself: nobody else got a thread
        for (var channel : open) {
            awaitEnd(channel);
        }
        assertThatThrownBy(() -> Call.read(ByteBuffer.wrap(new byte[] {(byte) 0xFF, '\n', '/', '\n'})))
                .isInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> call("x".repeat(70_000))).isInstanceOf(BadInputException.class);
    }

    @Test
    void shouldDropWhoSaysMoreThanItsCommands() throws Exception {
        try (var talker = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            talker.write(new Call(folder, "hang").frame());
            talker.write(ByteBuffer.wrap("and more".getBytes(StandardCharsets.UTF_8)));
            await(() -> givenUp.get() == 1 || workers.count() == 1);
            awaitEnd(talker);
        }
    }

    @Test
    void shouldRefuseMoreCallersThanItHasThreadsFor() throws Exception {
        var tasks = new ArrayList<FutureTask<Caught>>();
        for (int n = 0; n < Door.MOST_CALLS; n++) {
            tasks.add(callBeside("hang"));
        }
        await(() -> workers.count() == 1 + Door.MOST_CALLS);

        var refused = call("say no");
        assertThat(refused.status).isEqualTo(1);
        assertThat(refused.err()).contains("wait for one of them");
        release.countDown();
        for (var task : tasks) {
            assertThat(task.get(20, TimeUnit.SECONDS).status).isEqualTo(7);
        }
        assertThat(call("say yes").status).isEqualTo(7);
    }

    @Test
    void shouldNotWaitForWhoTakesNothingWhenItStops() throws Exception {
        try (var deaf = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            deaf.write(new Call(folder, "fill").frame());
            var waiting = callBeside("hang");
            await(() -> workers.count() == 3);

            long begin = System.nanoTime();
            door.close();

            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(10));
            assertThat(waiting.get(20, TimeUnit.SECONDS).err()).contains("given up");
        }
    }

    @Test
    void shouldLeaveTheNextDoorAtItsPlaceWhenItEndsLate() throws Exception {
        var late = new CountDownLatch(1);
        var lateWorkers = new TestWorkers(late);
        door.close();
        new Door(socket, lateWorkers, log, this::answer).close();
        assertThat(lateWorkers.count()).isEqualTo(1);

        door = new Door(socket, workers, log, this::answer);
        late.countDown();
        await(() -> lateWorkers.count() == 0);

        assertThat(call("say still").status).isEqualTo(7);
    }

    @Test
    void shouldNotWaitForAnInstanceThatHangs() throws Exception {
        var dead = folder.resolve("dead.sock");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(dead));
            assertThatThrownBy(() -> new Calling("dead", dead, null, null, Duration.ofMillis(50))
                    .call(new Call(folder, "x"), () -> true)).isInstanceOf(IOException.class)
                    .hasMessageStartingWith("dead does not answer");
        }
    }

    @Test
    void shouldSayThatNobodyAnswersOrThatItEnded() throws Exception {
        door.close();
        assertThatThrownBy(() -> new Calling("lab", socket, null, null).call(new Call(folder, "x"), () -> false))
                .isInstanceOf(IOException.class).hasMessageStartingWith("lab does not answer");
    }

    private static void send(SocketChannel channel, ByteBuffer bytes) {
        try {
            channel.write(bytes);
        } catch (IOException refused) {
            assertThat(refused).isNotNull(); // it was shown the door already
        }
    }

    private static void awaitEnd(SocketChannel channel) throws IOException {
        try (channel) {
            while (channel.read(ByteBuffer.allocate(4_096)) >= 0) {
                Thread.onSpinWait();
            }
        } catch (IOException reset) {
            assertThat(reset).isNotNull(); // an end, too
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    /** What a caller got. */
    private static final class Caught {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();
        private int status;

        String out() {
            return out.toString(StandardCharsets.UTF_8);
        }

        String err() {
            return err.toString(StandardCharsets.UTF_8);
        }
    }
}
