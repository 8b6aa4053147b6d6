// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Location;
import mimir.swap.gate.Verified;
import org.osgi.framework.Bundle;

/** Knows the bytes that the parts of drivers run on. Confined to the swap that goes on. */
final class RunningBytes {
    private final Gate gate;
    private final Map<String, Known> known = new HashMap<>();

    RunningBytes(Gate gate) {
        this.gate = gate;
    }

    /** Bytes of a former swap, good as long as nobody else has updated the bundle since. */
    private record Known(Verified bytes, long lastModified) {
    }

    /**
     * What a driver is swapped for when no file is named: the bytes of its last swap, else the jar that each part was
     * installed from, else what it runs on.
     *
     * @throws mimir.api.BadInputException when such a jar is there but is not sound any more
     */
    Map<String, Verified> again(Swappable driver) {
        var files = new ArrayList<Path>();
        driver.parts().values().stream().filter(bundle -> remembered(bundle).isEmpty())
                .forEach(bundle -> Location.file(bundle.getLocation()).ifPresent(files::add));
        var bytes = new LinkedHashMap<String, Verified>();
        if (!files.isEmpty()) {
            bytes.putAll(SwapFiles.read(gate, driver, files));
        }
        driver.parts().forEach((name, bundle) -> bytes.computeIfAbsent(name, absent -> current(bundle)));
        return bytes;
    }

    /** What all parts run on now, to be put back if need be. */
    Map<String, Verified> current(Swappable driver) {
        var bytes = new LinkedHashMap<String, Verified>();
        driver.parts().forEach((name, bundle) -> bytes.put(name, current(bundle)));
        return bytes;
    }

    private Verified current(Bundle bundle) {
        return remembered(bundle)
                .or(() -> Location.file(bundle.getLocation()).flatMap(file -> gate.running(file, bundle)))
                .orElseGet(() -> gate.former(bundle.getSymbolicName(), RevisionJar.of(bundle)));
    }

    private Optional<Verified> remembered(Bundle bundle) {
        var last = known.get(bundle.getSymbolicName());
        return last != null && last.lastModified() == bundle.getLastModified() ? Optional.of(last.bytes())
                : Optional.empty();
    }

    /** The parts were updated to these bytes. */
    void remember(Swappable driver, Map<String, Verified> bytes) {
        bytes.forEach((name, content) ->
                known.put(name, new Known(content.withoutFile(), driver.parts().get(name).getLastModified())));
    }
}
