// SPDX-License-Identifier: Apache-2.0
package mimir.shell.remote;

import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import mimir.api.BadInputException;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import org.osgi.service.log.Logger;

/**
 * The socket at which other processes of the same user give commands. One thread lets them in, hears what they want and
 * notices when they go; each call that is whole has a thread of its own, on which its commands are awaited. Whatever a
 * caller does, or leaves undone, costs nobody but itself: what it says is bounded, and so are the number of callers and
 * the time that each of them may take for its part. Thread-safe.
 */
public final class Door implements AutoCloseable {
    /** Runs the commands of a call. */
    @FunctionalInterface
    public interface Answering {
        /** Blocks until they are done; an interrupt gives them up. Returns their status. */
        int answer(Call call, PrintStream out, PrintStream err);
    }

    static final int MOST_CALLS = 16;
    private static final int MOST_SILENT = 32;
    private static final int BACKLOG = 64;
    private static final int MOST_AT_ONCE = 8;
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long GREETING_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_MS = 250;
    private static final long BREATH_NS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** Whose commands this thread runs; Gogo starts threads of its own for them, which inherit it. */
    private static final InheritableThreadLocal<Caller> OWN = new InheritableThreadLocal<>();
    private static final int FAILURE = 1;
    private static final int USAGE = 2;

    private final Path socket;
    private final Workers workers;
    private final Logger log;
    private final Answering answering;
    private final UserPrincipal owner;
    private final ServerSocketChannel server;
    private final Selector selector = Selector.open();
    private final Set<Caller> calls = ConcurrentHashMap.newKeySet();
    private final Map<Caller, Worker> callers = new ConcurrentHashMap<>();
    private final SelectionKey knocking;
    private final Worker worker;
    private long greetedNs;
    private long openNs;
    private int number;
    private volatile boolean closing;

    /**
     * Opens it; what lies at its place is of a process that is gone.
     *
     * @param socket in a folder into which nobody else can look
     * @throws IOException when the system gives no socket there
     */
    public Door(Path socket, Workers workers, Logger log, Answering answering) throws IOException {
        this.socket = socket;
        this.workers = workers;
        this.log = log;
        this.answering = answering;
        Files.deleteIfExists(socket);
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
        if (socket.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        }
        owner = Files.getOwner(socket);
        server.configureBlocking(false);
        knocking = server.register(selector, SelectionKey.OP_ACCEPT);
        worker = workers.start("door", WorkClass.NORMAL, false, this::run);
    }

    private void run(Worker self) throws IOException {
        try (server; selector) {
            while (!closing) {
                selector.select(this::serve, pauseMs());
                look();
            }
            selector.keys().stream().filter(key -> key.attachment() instanceof Caller caller && !calls.contains(caller))
                    .forEach(key -> ((Caller) key.attachment()).drop());
        } finally {
            if (!closing) { // else there may be another door at this place by now
                takeDown();
            }
        }
    }

    private void takeDown() {
        try {
            Files.deleteIfExists(socket);
        } catch (IOException stays) {
            log.debug("{} stays: {}", socket, stays.getMessage());
        }
    }

    /** With nobody there it sleeps until somebody comes. */
    private long pauseMs() {
        if (knocking.interestOps() == 0) {
            return TimeUnit.NANOSECONDS.toMillis(BREATH_NS);
        }
        return selector.keys().size() > 1 ? LOOK_MS : 0;
    }

    private void serve(SelectionKey key) {
        if (key == knocking) {
            letIn();
        } else if (key.attachment() instanceof Caller caller) {
            hear(caller);
        }
    }

    private void letIn() {
        try {
            for (int n = 0; n < MOST_AT_ONCE; n++) {
                var channel = server.accept();
                if (channel == null) {
                    return;
                }
                welcome(channel);
            }
        } catch (IOException e) {
            log.debug("a caller could not be let in: {}", e.getMessage());
        }
        // So many at once, or more than the system can hold: the others wait, and this thread breathes.
        knocking.interestOps(0);
        openNs = System.nanoTime() + BREATH_NS;
    }

    private void welcome(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        var caller = new Caller(channel);
        if (!isOwn(channel)) {
            caller.refuse("this Mimir belongs to another user", FAILURE);
            return;
        }
        var silent = selector.keys().stream().filter(key -> key.isValid() && key.attachment() instanceof Caller other
                && other.silentFor(0)).map(key -> (Caller) key.attachment()).toList();
        if (silent.size() >= MOST_SILENT) {
            silent.getFirst().drop();
        }
        channel.register(selector, SelectionKey.OP_READ, caller);
    }

    /** The folder keeps strangers out; this holds where somebody opened it. */
    private boolean isOwn(SocketChannel channel) throws IOException {
        return !channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
                || channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(owner);
    }

    private void hear(Caller caller) {
        try {
            var call = caller.hear();
            if (call != null) {
                begin(caller, call);
            }
        } catch (BadInputException rubbish) {
            caller.refuse(rubbish.getMessage(), USAGE);
        } catch (IOException | RuntimeException gone) {
            caller.drop();
        }
    }

    private void begin(Caller caller, Call call) {
        if (calls.size() >= MOST_CALLS) {
            caller.refuse("this Mimir runs commands of " + MOST_CALLS + " callers already; wait for one of them",
                    FAILURE);
            return;
        }
        calls.add(caller);
        workers.start("call-" + ++number, WorkClass.NORMAL, false, self -> answer(caller, call, self));
    }

    private void answer(Caller caller, Call call, Worker self) {
        int status = FAILURE;
        OWN.set(caller);
        callers.put(caller, self);
        caller.awaitedBy(Thread.currentThread(), closing);
        try (var out = caller.stream(Frames.OUT); var err = caller.stream(Frames.ERR)) {
            status = answering.answer(call, out, err);
        } finally {
            caller.end(status);
            calls.remove(caller);
            callers.remove(caller);
            OWN.remove();
        }
    }

    /** What has its time: the silent go, the waiting hear that they are not forgotten. */
    private void look() {
        long now = System.nanoTime();
        if (knocking.interestOps() == 0 && now - openNs > 0) {
            knocking.interestOps(SelectionKey.OP_ACCEPT);
        }
        boolean due = now - greetedNs > GREETING_NS;
        greetedNs = due ? now : greetedNs;
        for (var key : selector.keys()) {
            if (key.attachment() instanceof Caller caller && key.isValid()) {
                attend(caller, due && calls.contains(caller));
            }
        }
    }

    private static void attend(Caller caller, boolean greet) {
        try {
            if (caller.silentFor(SILENCE_NS)) {
                caller.drop();
            } else if (greet) {
                caller.greet();
            }
        } catch (IOException gone) {
            caller.drop();
        }
    }

    /** Lets nobody in any more and gives up what is still awaited; each caller is told so. Blocks for a moment. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        takeDown();
        worker.stop(PATIENCE);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var own = OWN.get(); // whose command updates this bundle: an interrupt would break that off half-way
        if (own != null) {
            own.refuse("the shell ends by this command and cannot tell how it went: ask again in a moment", FAILURE);
        }
        var others = calls.stream().filter(caller -> caller != own).toList();
        others.forEach(Caller::interrupt);
        callers.forEach((caller, one) -> one.stop(caller == own ? Duration.ZERO
                : Duration.ofNanos(Math.max(1, deadline - System.nanoTime()))));
        others.forEach(caller -> caller.refuse("the commands were given up because the shell stops", FAILURE));
    }
}
