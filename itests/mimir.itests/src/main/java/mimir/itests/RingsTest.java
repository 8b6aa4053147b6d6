// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.util.List;
import mimir.api.rig.Rigs;
import mimir.ring.Ring;
import mimir.ring.Rings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.junit5.context.BundleContextExtension;
import org.osgi.test.junit5.service.ServiceExtension;

/** Tests that load rigs and look at the rings; each takes its devices away at its end. */
@ExtendWith({BundleContextExtension.class, ServiceExtension.class})
abstract class RingsTest {
    @InjectService(timeout = 10_000)
    Rigs rigs;
    @InjectService(timeout = 10_000)
    Rings rings;

    @AfterEach
    void leaveNoDriver() {
        rigs.unload(Platform.PATIENCE);
    }

    /** Items so far; 0 for a source that never was. */
    final long published(String source) {
        return rings.find(source).map(ring -> ring.stats().published()).orElse(0L);
    }

    final int epoch(String source) {
        return rings.find(source).orElseThrow().stats().epoch();
    }

    final List<Ring> ringsOf(String prefix) {
        return rings.list().stream().filter(ring -> ring.identity().startsWith(prefix)).toList();
    }
}
