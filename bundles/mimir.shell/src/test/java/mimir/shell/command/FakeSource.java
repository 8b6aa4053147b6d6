// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import mimir.api.source.AudioSource;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.ring.Ring;
import mimir.ring.RingFormat;

/** Sources by name only. Immutable. */
final class FakeSource {
    private FakeSource() {
    }

    static Source frames(String id) {
        return new Frames(id);
    }

    static Source audio(String id) {
        return new Audio(id);
    }

    private interface Bare extends Source {
        @Override
        default String device() {
            return "none";
        }

        @Override
        default String driver() {
            return "mimir.driver.none";
        }

        @Override
        default Ring ring() {
            return null;
        }

        @Override
        default RingFormat format() {
            return null;
        }
    }

    private record Frames(String id) implements FrameSource, Bare {
    }

    private record Audio(String id) implements AudioSource, Bare {
    }
}
