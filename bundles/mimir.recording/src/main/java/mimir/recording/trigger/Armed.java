// SPDX-License-Identifier: Apache-2.0
package mimir.recording.trigger;

import mimir.api.BadInputException;
import mimir.api.recording.Triggers.Span;
import mimir.api.recording.Triggers.Trigger;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;
import mimir.ring.HostClock;

/** A trigger at work. {@link #look} and {@link #close} belong to one thread, {@link #told} to any. */
final class Armed {
    final String name;
    private final Watch watch;
    private final Windows windows;
    private volatile Trigger told;
    private volatile boolean removed;

    Armed(String name, String when, Span span, Watch watch, Windows windows) {
        this.name = name;
        this.watch = watch;
        this.windows = windows;
        this.told = new Trigger(name, when, span, 0, 0, 0, 0, "");
    }

    Trigger told() {
        return told;
    }

    void remove() {
        removed = true;
    }

    boolean removed() {
        return removed;
    }

    void look() {
        var before = told;
        long seen = watch.look((atNs, cause) -> count(open(Math.min(atNs, HostClock.nowNs()), cause)));
        var now = told;
        if (seen > 0 || now != before || watch.missed() != now.missed()) {
            told = new Trigger(name, now.when(), now.span(), now.seen() + seen, watch.missed(), now.opened(),
                    now.refused(), now.last());
        }
    }

    /** Name of the window, or why there is none after a dash. */
    private String open(long atNs, String cause) {
        var span = told.span();
        try {
            var window = windows.open(new Windows.Request("", cause, atNs, span.preNs(), span.postNs(),
                    span.holdNs()));
            return window.state() == Window.State.REFUSED ? "-" + window.reason() : window.name();
        } catch (BadInputException impossible) {
            return "-" + impossible.getMessage();
        }
    }

    private void count(String outcome) {
        boolean refused = outcome.startsWith("-");
        var now = told;
        told = new Trigger(name, now.when(), now.span(), now.seen(), now.missed(), now.opened() + (refused ? 0 : 1),
                now.refused() + (refused ? 1 : 0), refused ? outcome.substring(1) : outcome);
    }

    void close() {
        watch.close();
    }
}
