// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import mimir.api.source.AudioSource;
import mimir.api.source.DeviceFault;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.ring.Ring;
import mimir.ring.RingFormat;

/** The services that a device registers. Immutable. */
final class SimSource {
    private SimSource() {
    }

    static Source of(String id, Scenario.Mode mode, Ring ring) {
        return mode.audio() ? new Audio(id, mode.device(), SimDriver.NAME, ring, mode.format())
                : new Frames(id, mode.device(), SimDriver.NAME, ring, mode.format());
    }

    /** The interfaces to register a source under. */
    static String[] interfaces(Source source) {
        var kind = source instanceof AudioSource ? AudioSource.class : FrameSource.class;
        return new String[] {Source.class.getName(), kind.getName()};
    }

    /** A camera. Immutable. */
    record Frames(String id, String device, String driver, Ring ring, RingFormat format) implements FrameSource {
    }

    /** An audio interface. Immutable. */
    record Audio(String id, String device, String driver, Ring ring, RingFormat format) implements AudioSource {
    }

    /** A device that cannot run. Immutable. */
    record Fault(String id, String driver, String sentence) implements DeviceFault {
    }
}
