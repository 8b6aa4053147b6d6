// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Bundles by number or name. */
class BundleConverterTest {
    private final List<Bundle> bundles = List.of(bundle("system.bundle"), bundle("mimir.ring"));
    private final BundleConverter converter = new BundleConverter(fake(BundleContext.class, arguments ->
            arguments == null ? bundles.toArray(Bundle[]::new) : (long) arguments[0] < 2
                    ? bundles.get((int) (long) arguments[0]) : null));

    /** What one method answers to its arguments. */
    private interface Answers {
        Object to(Object[] arguments);
    }

    private static Bundle bundle(String name) {
        return fake(Bundle.class, arguments -> name);
    }

    private static <T> T fake(Class<T> type, Answers answers) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type},
                (proxy, method, arguments) -> method.getName().startsWith("get") ? answers.to(arguments)
                        : method.getName().equals("equals") && proxy == arguments[0]));
    }

    @Test
    void shouldFindABundleByNumberAndByName() {
        assertThat(converter.convert(Bundle.class, "0") == bundles.getFirst()).isTrue();
        assertThat(converter.convert(Bundle.class, new StringBuilder("mimir.ring")) == bundles.getLast()).isTrue();
    }

    @Test
    void shouldLeaveTheRestToOthers() {
        assertThat(converter.convert(Bundle.class, "7")).isNull();
        assertThat(converter.convert(Bundle.class, "9999999999999999999")).isNull();
        assertThat(converter.convert(Bundle.class, "nobody")).isNull();
        assertThat(converter.convert(String.class, "0")).isNull();
        assertThat(converter.format(bundles.getFirst(), 0, converter)).isNull();
    }
}
