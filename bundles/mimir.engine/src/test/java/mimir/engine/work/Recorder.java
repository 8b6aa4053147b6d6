// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osgi.service.log.Logger;

/** Keeps what is logged, and waits for what tests wait for. Thread-safe. */
public final class Recorder {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** A log that keeps its lines here, with the arguments filled in. */
    public Logger log() {
        return (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> {
                    lines.add(method.getName() + ": " + filled(arguments));
                    return null;
                });
    }

    private static String filled(Object[] arguments) {
        var text = (String) arguments[0];
        var values = arguments.length == 2 && arguments[1] instanceof Object[] all ? Arrays.asList(all)
                : Arrays.asList(arguments).subList(1, arguments.length);
        for (var value : values) {
            int hole = text.indexOf("{}");
            text = hole < 0 ? text : text.substring(0, hole) + value + text.substring(hole + 2);
        }
        return text;
    }

    /** What was logged so far: {@code warn: …}. */
    public List<String> lines() {
        return lines;
    }

    /** Waits for a condition, at most 20 s. */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain: " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
