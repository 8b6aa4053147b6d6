// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Window.State;
import mimir.api.reservoir.Windows.Request;

/** One window of the book. All of it is guarded by the {@link WindowBook}. */
final class Kept {
    final String name;
    final Request request;
    final long fromNs;
    final long toNs;
    Reservoir.Pin pin;
    State state = State.FILLING;
    String reason = "";
    long bytes;
    long untilNs = Long.MAX_VALUE;
    int users;

    Kept(String name, Request request) {
        this.name = name;
        this.request = request;
        this.fromNs = request.triggerNs() - request.preNs();
        this.toNs = request.triggerNs() + request.postNs();
    }

    boolean kept() {
        return state == State.FILLING || state == State.COMPLETE;
    }

    /** All items are in: its time begins unless somebody uses it. */
    void complete(long nowNs) {
        state = State.COMPLETE;
        restart(nowNs);
    }

    void restart(long nowNs) {
        boolean waits = state == State.COMPLETE && users == 0;
        untilNs = waits ? nowNs + request.holdNs() : Long.MAX_VALUE;
    }

    void end(State how, String why) {
        state = how;
        reason = why;
        untilNs = Long.MAX_VALUE;
        unpin();
    }

    /** The edge goes on when the window has ended and the last user is gone. */
    void unpin() {
        if (pin != null && !kept() && users == 0) {
            pin.close();
            pin = null;
        }
    }

    Window look() {
        return new Window(name, request.cause(), fromNs, request.triggerNs(), toNs, state, reason, bytes, untilNs);
    }
}
