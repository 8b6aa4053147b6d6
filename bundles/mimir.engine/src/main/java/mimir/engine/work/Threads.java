// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** All threads of the platform and their accounts; the only place that makes Java threads. Thread-safe. */
@Component(service = Threads.class)
public final class Threads {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ThreadPolicy policy;
    private final Logger log;
    private final Map<Object, Account> accounts = new ConcurrentHashMap<>();
    private final Map<JavaWorker, Object> owners = new ConcurrentHashMap<>();
    private final Set<String> refusalsTold = ConcurrentHashMap.newKeySet();

    /** With the policy of this operating system. */
    @Activate
    public Threads(@Reference(service = LoggerFactory.class) Logger log) {
        this(log, System.getProperty("os.name").equals("Linux") ? new LinuxPolicy() : new PlainPolicy());
    }

    Threads(Logger log, ThreadPolicy policy) {
        this.log = log;
        this.policy = policy;
    }

    /** Starts a thread for {@code owner}, which is shown as its text. */
    Worker start(Object owner, String name, WorkClass workClass, boolean media, Task task) {
        var worker = new JavaWorker(name, task, begun -> begin(begun, workClass, media), this::end,
                failure -> failed(name, failure));
        owners.put(worker, owner);
        try {
            worker.start();
        } catch (OutOfMemoryError noThread) { // what the JVM throws when the system refuses a thread
            owners.remove(worker);
            throw new IllegalStateException("the system has no thread left for " + name
                    + "; raise its limit of threads (ulimit -u)", noThread);
        }
        return worker;
    }

    private void begin(JavaWorker worker, WorkClass workClass, boolean media) {
        long tid = policy.currentThreadId();
        if (workClass == WorkClass.CRITICAL) {
            policy.precise();
        }
        if (media) {
            policy.provide();
        }
        var asked = request(worker.name(), tid, workClass, false);
        accounts.put(worker, new Account(worker.name(), tid, worker.javaThreadId(), workClass, media, asked,
                worker::items, worker::stuck));
    }

    /** Puts a thread into class IDLE; one that ends meanwhile ends after that, so its number is still its own. */
    void demote(Worker worker) {
        accounts.computeIfPresent(worker, (key, account) -> account.as(WorkClass.IDLE,
                request(account.name(), account.tid(), WorkClass.IDLE, false)));
    }

    private void end(JavaWorker worker) {
        accounts.remove(worker);
        owners.remove(worker);
    }

    private void failed(String name, Throwable failure) {
        log.error("worker {} ended with a failure: {}", name, failure.toString(), failure);
    }

    Workers.Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        Workers.Adopted adopted = new Workers.Adopted() {
            @Override
            public void close() {
                accounts.remove(this);
            }
        };
        var asked = request(name, tid, workClass, true);
        accounts.put(adopted, new Account(name, tid, 0, workClass, true, asked, items, () -> false));
        return adopted;
    }

    /** Asks for the policy; a refusal is told once per class and reason. */
    private String request(String name, long tid, WorkClass workClass, boolean nativeThread) {
        var request = policy.apply(tid, workClass, nativeThread);
        if (request.refusal() != null && refusalsTold.add(workClass + request.refusal())) {
            log.warn("thread {} of class {} runs as {}: {}", name, workClass, policy.granted(tid), request.refusal());
        }
        return request.asked();
    }

    List<ThreadStats> stats() {
        return accounts.values().stream().map(account -> account.stats(policy))
                .sorted(Comparator.comparing(ThreadStats::name).thenComparing(ThreadStats::tid)).toList();
    }

    /** Stops what is still running. */
    @Deactivate
    void close() {
        stop(owner -> true, "the engine stops");
    }

    /** Stops what an owner left running when it went. */
    void stopOf(Object gone) {
        stop(owner -> owner == gone, "its bundle is gone");
    }

    /**
     * All are asked first, then waited for under one deadline; who does not stop is named. One that its owner has
     * stopped in vain is no news.
     */
    private void stop(Predicate<Object> owned, String why) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var left = owners.entrySet().stream().filter(entry -> owned.test(entry.getValue())
                && !entry.getKey().stuck()).toList();
        left.forEach(entry -> entry.getKey().ask());
        left.forEach(entry -> {
            var worker = entry.getKey();
            boolean ended = worker.stop(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            log.warn("worker {} of {} was left running ({}) and {}", worker.name(), entry.getValue(), why,
                    ended ? "has been stopped" : "did not stop within a second; it is left alone");
        });
    }
}
