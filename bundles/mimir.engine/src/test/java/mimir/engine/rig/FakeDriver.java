// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import mimir.api.source.Driver;

/** Plans one device for each of the blank-separated ids of an entry, or {@code rec} for a folder. Immutable. */
record FakeDriver(String name) implements Driver {
    @Override
    public List<Map<String, Object>> plan(Map<String, Object> entry) {
        if (entry.containsKey("odd")) {
            throw new BadInputException("YUYV needs an even width, not 63");
        }
        if (entry.containsKey("lame")) {
            throw new IllegalStateException("the native library is missing; install its fragment");
        }
        var ids = (String) entry.getOrDefault("id", entry.containsKey("folder") ? "rec" : "");
        return Stream.of(ids.split(" ")).filter(id -> !id.isEmpty()).map(id -> {
            Map<String, Object> device = new HashMap<>(entry);
            device.put("id", id);
            return device;
        }).toList();
    }
}
