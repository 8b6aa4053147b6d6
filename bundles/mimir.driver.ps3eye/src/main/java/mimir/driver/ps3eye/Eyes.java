// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import mimir.ring.RingOwner;

/**
 * The cameras behind the native seam, in the words of Java; a test stands in for it. Thread-safe; control threads;
 * blocks for as long as a camera takes to answer.
 */
interface Eyes {
    /**
     * What is plugged in now.
     *
     * @throws IllegalStateException with one sentence when USB cannot be used here
     */
    List<UsbDevice> list();

    /**
     * Opens a camera, silent as yet.
     *
     * @param counts zeroed memory of {@link Struct#COUNTS}, which must stay until {@link #remove} says true
     * @return its handle
     * @throws IllegalStateException with one sentence when it cannot be opened
     */
    int add(Settings settings, Place place, RingOwner ring, MemorySegment counts);

    /** Opens one that was away, at the same or another place. Throws as {@link #add}. */
    void attach(int camera, Place place);

    /** Lets it stream. Throws as {@link #add}. */
    void start(int camera, Place place);

    /**
     * Sets controls; a camera that is away gets them when it is back.
     *
     * @throws IllegalStateException with one sentence when it does not take them
     */
    void set(String id, int camera, Map<Knob, Long> values);

    /** What the camera has for each, in order; null for what it does not tell, as when it is away. */
    List<Long> get(int camera, List<Knob> knobs);

    /** Takes it away; false when its worker may still write. */
    boolean remove(int camera);
}
