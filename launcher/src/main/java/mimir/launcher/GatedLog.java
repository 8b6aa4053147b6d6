// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.osgi.framework.Bundle;

/**
 * The log service, or one of its loggers, behind the gate: an entry is made when the bundle's share lets it pass; all
 * other calls go through.
 *
 * <p>Threads: thread-safe.
 */
final class GatedLog implements InvocationHandler {
    private static final long ASK_NS = 100_000_000;

    private final LogApi api;
    private final Object behind;
    private final Bundle bundle;
    private final Function<Bundle, LogShare> shares;
    private final LogShare share;
    private final Map<String, Asked> asked = new ConcurrentHashMap<>();

    private GatedLog(LogApi api, Object behind, Bundle bundle, Function<Bundle, LogShare> shares) {
        this.api = api;
        this.behind = behind;
        this.bundle = bundle;
        this.shares = shares;
        this.share = shares.apply(bundle);
    }

    /** A log service as this bundle has it. */
    static Object of(Object service, Bundle bundle, Function<Bundle, LogShare> shares) {
        var api = LogApi.of(service.getClass().getClassLoader());
        return proxy(api.service(), new GatedLog(api, service, bundle, shares));
    }

    private static Object proxy(Class<?> type, GatedLog before) {
        return Proxy.newProxyInstance(before.behind.getClass().getClassLoader(), new Class<?>[] {type}, before);
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "getLogger" -> logger(call(method, behind, arguments), arguments);
            case "trace", "debug", "info", "warn", "error", "audit", "log" -> {
                entry(proxy, method, arguments);
                yield null;
            }
            default -> call(method, behind, arguments);
        };
    }

    /** Some ask in the name of another bundle, as those do who make components. */
    private Object logger(Object logger, Object[] arguments) {
        var type = arguments.length == 1 ? api.logger() : (Class<?>) arguments[arguments.length - 1];
        var whose = arguments[0] instanceof Bundle other ? other : bundle;
        return proxy(type, new GatedLog(api, logger, whose, shares));
    }

    private void entry(Object proxy, Method method, Object[] arguments) throws Throwable {
        long nowNs = System.nanoTime();
        if (!isWanted(method.getName(), nowNs)) {
            return;
        }
        if (method.getParameterTypes()[0] == api.consumer()) {
            call(api.accept(), arguments[0], proxy);
            return;
        }
        var news = share.news(nowNs);
        if (news != null) {
            tell(news);
        }
        if (share.take(nowNs)) {
            call(method, behind, arguments);
        }
    }

    /** The service puts a name together for each such question, so it is asked ten times a second. */
    private boolean isWanted(String name, long nowNs) throws Throwable {
        var question = api.wanted().get(name);
        if (question == null) {
            return true; // somebody always wants these
        }
        var last = asked.get(name);
        if (last == null || nowNs - last.atNs() > ASK_NS) {
            last = new Asked((boolean) call(question, behind), nowNs);
            asked.put(name, last);
        }
        return last.wanted();
    }

    private void tell(String news) throws Throwable {
        if (api.logger().isInstance(behind)) {
            call(api.warn(), behind, news);
        } else {
            call(api.log(), behind, LogApi.WARNING, news);
        }
    }

    private static Object call(Method method, Object of, Object... arguments) throws Throwable {
        try {
            return method.invoke(of, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private record Asked(boolean wanted, long atNs) {
    }
}
