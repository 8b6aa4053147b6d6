// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

/**
 * A stretch of canonical time that the reservoir keeps or kept, of all sources, as it is at one instant. Immutable.
 *
 * @param name by which people call it
 * @param cause why it was opened, as a person reads it
 * @param fromNs canonical time of its begin, ns, inclusive
 * @param triggerNs canonical time that it was opened for, ns
 * @param toNs canonical time of its end, ns, exclusive
 * @param state see there
 * @param reason why it was refused or released, a sentence; empty while it is kept
 * @param bytes of the reservoir between its two ends, descriptors included: so far, or all once it is complete
 * @param untilNs host time at which it is released by itself, ns; {@link Long#MAX_VALUE} while it fills or is in use
 */
public record Window(String name, String cause, long fromNs, long triggerNs, long toNs, State state, String reason,
        long bytes, long untilNs) {

    /** What becomes of a window. */
    public enum State {
        /** Its end has not come yet, or not all of its items are in. */
        FILLING,
        /** Everything of it is there and stays. */
        COMPLETE,
        /** It is no longer kept: used, let go or its time was over. */
        RELEASED,
        /** It could not be kept. */
        REFUSED
    }

    /** True while the reservoir holds it. */
    public boolean kept() {
        return state == State.FILLING || state == State.COMPLETE;
    }
}
