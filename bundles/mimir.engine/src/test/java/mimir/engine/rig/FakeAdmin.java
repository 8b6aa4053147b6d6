// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** The part of Config Admin that rigs use, in memory; tells what happened in words. Confined. */
final class FakeAdmin {
    /** {@code + pid} for a new configuration, {@code = pid} for another update, {@code - pid} for a deletion. */
    final List<String> history = new ArrayList<>();
    final Map<String, Dictionary<String, Object>> stored = new LinkedHashMap<>();
    /** Told each entry of the history; a device lives or dies with its configuration. */
    Consumer<String> listener = entry -> { };
    /** The configuration that cannot be written. */
    String broken = "";

    ConfigurationAdmin admin() {
        return proxy(ConfigurationAdmin.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getConfiguration" -> configuration((String) arguments[0], null);
            case "getFactoryConfiguration" -> configuration(arguments[0] + "~" + arguments[1], (String) arguments[0]);
            case "listConfigurations" -> list((String) arguments[0]);
            default -> throw new AssertionError(method);
        });
    }

    private Configuration[] list(String filter) throws InvalidSyntaxException {
        var wanted = FrameworkUtil.createFilter(filter);
        var found = stored.entrySet().stream().filter(entry -> wanted.match(entry.getValue()))
                .map(entry -> configuration(entry.getKey(), null)).toArray(Configuration[]::new);
        return found.length == 0 ? null : found;
    }

    private Configuration configuration(String pid, String factory) {
        return proxy(Configuration.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "update", "updateIfDifferent" -> update(pid, factory, dictionary(arguments[0]), method.getName());
            case "delete" -> {
                stored.remove(pid);
                yield tell("- " + pid);
            }
            default -> throw new AssertionError(method);
        });
    }

    @SuppressWarnings("unchecked")
    private static Dictionary<String, Object> dictionary(Object argument) {
        return (Dictionary<String, Object>) argument;
    }

    private Object update(String pid, String factory, Dictionary<String, Object> properties, String how)
            throws IOException {
        if (pid.equals(broken)) {
            throw new IOException("no space left");
        }
        var all = new Hashtable<String, Object>();
        properties.keys().asIterator().forEachRemaining(key -> all.put(key, properties.get(key)));
        all.put("service.pid", pid);
        if (factory != null) {
            all.put("service.factoryPid", factory);
        }
        var former = stored.put(pid, all);
        if (former != null && how.equals("updateIfDifferent") && former.equals(all)) {
            return false;
        }
        tell((former == null ? "+ " : "= ") + pid);
        return how.equals("updateIfDifferent") ? true : null;
    }

    private Object tell(String entry) {
        history.add(entry);
        listener.accept(entry);
        return null;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
