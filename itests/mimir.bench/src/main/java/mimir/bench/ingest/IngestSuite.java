// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ingest;

import java.util.List;
import mimir.bench.Case;

/** Into the reservoir, beside memcpy. Immutable. */
public final class IngestSuite {
    private static final String NAME = "ingest";

    private IngestSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(new Case(NAME, "mimir.frames", () -> new Ingesting(true, false)),
                new Case(NAME, "memcpy.frames", () -> new Ingesting(false, false)),
                new Case(NAME, "java.frames", () -> new Ingesting(false, true)),
                new Case(NAME, "six.copied", () -> new SixCameras(SixCameras.Way.COPIED, false)),
                new Case(NAME, "six.checked", () -> new SixCameras(SixCameras.Way.COPIED, true)),
                new Case(NAME, "six.inplace", () -> new SixCameras(SixCameras.Way.IN_PLACE, true)),
                new Case(NAME, "six.memcpy", () -> new SixCameras(SixCameras.Way.MEMCPY, false)));
    }
}
