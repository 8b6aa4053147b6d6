// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The given services and no others. Immutable. */
public class FakeServices implements Services {
    private final List<Object> services;

    /** The services that there are. */
    public FakeServices(Object... services) {
        this.services = Arrays.asList(services);
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
        return all(type).stream().findFirst();
    }

    @Override
    public <T> List<T> all(Class<T> type) {
        return services.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public <T> Optional<T> await(Class<T> type, Duration atMost) {
        return find(type);
    }
}
