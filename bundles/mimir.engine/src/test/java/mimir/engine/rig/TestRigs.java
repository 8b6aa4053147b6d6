// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.io.IOException;
import java.util.Map;
import mimir.engine.work.Recorder;

/** Rigs for tests of what looks at them. */
public final class TestRigs {
    private TestRigs() {
    }

    /** Nothing is loaded. */
    public static RigLoader none() throws IOException {
        return new RigLoader(Map.of(), name -> true, id -> false, new FakeAdmin().admin(), new LastRig(),
                new Recorder().log());
    }
}
