// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mimir.api.source.DeviceIdentity;

/** What was set of each device, for when it comes back. Lasts as long as the engine. Thread-safe. */
final class Settings {
    private final List<Kept> all = new ArrayList<>(); // guarded by this

    /** Values of one device. Immutable. */
    private record Kept(Present device, Map<String, Object> values) {
    }

    /** What was set of this device before; empty for nothing. */
    synchronized Map<String, Object> of(String id, DeviceIdentity identity, Collection<String> claimed) {
        return find(id, identity, claimed).map(Kept::values).orElse(Map.of());
    }

    /** Adds values to what was set before. */
    synchronized void keep(String id, DeviceIdentity identity, Map<String, Object> values,
            Collection<String> claimed) {
        var former = find(id, identity, claimed);
        var merged = new LinkedHashMap<>(former.map(Kept::values).orElse(Map.of()));
        merged.putAll(values);
        former.ifPresent(all::remove);
        all.removeIf(kept -> kept.device().id().equals(id));
        all.add(new Kept(new Present(id, "", identity), Map.copyOf(merged)));
    }

    /**
     * As {@link Present#meant}, the other way round. What was set under the id of another device of the rig is that
     * one's, though both have the same serial number.
     */
    private Optional<Kept> find(String id, DeviceIdentity identity, Collection<String> claimed) {
        var candidates = all.stream().map(Kept::device)
                .filter(one -> one.id().equals(id) || !claimed.contains(one.id())).toList();
        return Present.meant(id, identity, candidates)
                .flatMap(meant -> all.stream().filter(kept -> kept.device().equals(meant)).findFirst());
    }
}
