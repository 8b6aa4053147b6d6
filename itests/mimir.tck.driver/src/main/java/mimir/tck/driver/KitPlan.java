// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.util.List;
import java.util.stream.Stream;

/**
 * The devices that a driver offers to the kit (docs/write-a-driver.md). Immutable.
 *
 * @param modes every mode that it offers
 * @param impossible entries that it must refuse
 * @param lossy a device that loses an item now and then
 * @param unplugged a device that goes away for a moment
 * @param stepped a device whose clock jumps
 * @param hanging a device whose native thread does not stop
 */
record KitPlan(List<Mode> modes, List<Entry> impossible, Entry lossy, Entry unplugged, Stepped stepped, Entry hanging) {

    /** Lists are copied. */
    KitPlan {
        modes = List.copyOf(modes);
        impossible = List.copyOf(impossible);
    }

    /**
     * A device whose clock jumps. Immutable.
     *
     * @param none why its devices tell no time at all; then there is none, and the rest says nothing
     * @param device null with {@code none}
     * @param atNs about so long after its first item, ns
     * @param byNs by so much, ns
     */
    record Stepped(String none, Entry device, long atNs, long byNs) {
        boolean exists() {
            return none == null;
        }
    }

    /**
     * What a device sends, as its driver promises. Immutable.
     *
     * @param audio true for blocks of sound, false for frames
     * @param code of its format, as in {@link mimir.ring.RingFormat#code}
     * @param width pixels; channels
     * @param height pixels; sample frames of a block
     * @param rateHz frames, sample frames a second
     */
    record Mode(Entry device, boolean audio, int code, int width, int height, double rateHz) {
        double itemsPerSecond() {
            return audio ? rateHz / height : rateHz;
        }

        String kind() {
            return audio ? "audio" : "frame";
        }

        /** For sentences. */
        String label() {
            return audio ? width + " channels in blocks of " + height : width + "x" + height;
        }
    }

    /** One mode of each kind: what is used wherever any device will do. */
    List<Mode> steady() {
        var frames = modes.stream().filter(mode -> !mode.audio()).limit(1);
        var sound = modes.stream().filter(Mode::audio).limit(1);
        return Stream.concat(frames, sound).toList();
    }
}
