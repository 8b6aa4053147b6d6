// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
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
    private final Map<JavaWorker, Boolean> workers = new ConcurrentHashMap<>();
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

    Worker start(String name, WorkClass workClass, boolean media, Task task) {
        var worker = new JavaWorker(name, workClass, task, begun -> begin(begun, workClass, media), this::end,
                failure -> log.error("worker " + name + " ended with a failure: " + failure, failure));
        workers.put(worker, true);
        worker.start();
        return worker;
    }

    private void begin(JavaWorker worker, WorkClass workClass, boolean media) {
        long tid = policy.currentThreadId();
        if (workClass == WorkClass.CRITICAL) {
            policy.precise();
        }
        var asked = request(worker.name(), tid, workClass, false);
        accounts.put(worker, new Account(worker.name(), tid, worker.javaThreadId(), workClass, media, asked, worker::items,
                worker::stuck));
    }

    private void end(JavaWorker worker) {
        accounts.remove(worker);
        workers.remove(worker);
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
            log.warn("thread {} asked for class {}: {}", name, workClass, request.refusal());
        }
        return request.asked();
    }

    List<ThreadStats> stats() {
        return accounts.values().stream().map(account -> account.stats(policy))
                .sorted(Comparator.comparing(ThreadStats::name).thenComparing(ThreadStats::tid)).toList();
    }

    /** Stops what is still running, each within a second; who does not stop is named. */
    @Deactivate
    void close() {
        workers.keySet().forEach(worker -> stop(worker, "the engine stops"));
    }

    void stop(JavaWorker worker, String why) {
        if (!worker.stop(PATIENCE)) {
            log.warn("worker {} did not stop within {} ms ({}); it is left alone", worker.name(), PATIENCE.toMillis(), why);
        }
    }
}
